import type { DashboardConfig } from '@engine/config';
import { EngineMetrics, ObservabilityModule, StallWatch } from '@engine/observability';
import { Module } from '@nestjs/common';
import type { DynamicModule, MiddlewareConsumer, NestModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BarsController } from './bars/bars.controller.js';
import { BarsService } from './bars/bars.service.js';
import { inTurn, USUAL_TURNS } from './http/answer-turns.js';
import { ProblemFilter } from './http/problem.filter.js';
import { LakeView } from './lake/lake-view.js';
import { GoldFollower } from './live/gold-follower.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { ApiDescription } from './openapi/api-description.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { BuiltPageFolder, PageFolder } from './page/page-folder.js';
import { PageController } from './page/page.controller.js';
import { LaneReports } from './pipeline/lane-reports.js';
import { ObservedFlow } from './pipeline/observed-flow.js';
import { PipelineController } from './pipeline/pipeline.controller.js';
import { PipelineService } from './pipeline/pipeline.service.js';
import { ProcessedOffsets } from './pipeline/processed-offsets.js';
import { SettledTicks } from './pipeline/settled-ticks.js';
import { VerdictCounts } from './pipeline/verdict-counts.js';
import { QuarantineController } from './quarantine/quarantine.controller.js';
import { QuarantineService } from './quarantine/quarantine.service.js';
import { Access } from './security/access.js';
import { browserHeaders } from './security/browser-headers.js';
import { LoginController } from './security/login.controller.js';
import { limitRate, RateLimits, UsualRateLimits } from './security/rate-limits.js';
import { SourcesModule } from './sources.module.js';
import { StreamController } from './stream/stream.controller.js';
import { StreamHub } from './stream/stream-hub.js';
import { Sparklines } from './symbols/sparklines.js';
import { SymbolsController } from './symbols/symbols.controller.js';
import { SymbolsService } from './symbols/symbols.service.js';
import { TickFollower } from './ticks/tick-follower.js';
import { TicksController } from './ticks/ticks.controller.js';
import { TicksService } from './ticks/ticks.service.js';
import { WindowsController } from './windows/windows.controller.js';
import { WindowsService } from './windows/windows.service.js';

const controllers = [
  SymbolsController,
  BarsController,
  TicksController,
  WindowsController,
  MetricsController,
  QuarantineController,
  PipelineController,
  StreamController,
  OpenApiController,
  LoginController,
  PageController,
];

const services = [
  SymbolsService,
  Sparklines,
  BarsService,
  TicksService,
  WindowsService,
  MetricsService,
  QuarantineService,
  SettledTicks,
  VerdictCounts,
  ObservedFlow,
  ProcessedOffsets,
  LaneReports,
  PipelineService,
  StreamHub,
  ApiDescription,
  Access,
];

/** Gold and silver, and the pipeline itself, over HTTP; and the web page. */
@Module({})
export class DashboardModule implements NestModule {
  constructor(private readonly limits: RateLimits) {}

  static with(config: DashboardConfig): DynamicModule {
    const observed = ObservabilityModule.forAppAsync({
      inject: [GoldFollower, TickFollower, LakeView, StallWatch],
      useFactory: (updates: GoldFollower, ticks: TickFollower, lake: LakeView, stalls: StallWatch) => ({
        metrics: new EngineMetrics('dashboard'),
        readiness: [updates, ticks, lake],
        liveness: [updates.life, ticks.life, stalls],
      }),
    });
    return {
      module: DashboardModule,
      imports: [SourcesModule.with(config), observed],
      controllers,
      providers: [
        ...services,
        { provide: RateLimits, useClass: UsualRateLimits },
        { provide: PageFolder, useClass: BuiltPageFolder },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(browserHeaders).forRoutes('{*any}');
    consumer
      .apply(limitRate(this.limits.api))
      .exclude('health/{*any}', 'metrics', 'login')
      .forRoutes('{*any}');
    consumer.apply(limitRate(this.limits.login)).forRoutes('login');
    consumer.apply(inTurn(USUAL_TURNS)).exclude('api/stream', 'api/openapi.json').forRoutes('api/{*any}');
  }
}
