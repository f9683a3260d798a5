import type { DashboardConfig } from '@engine/config';
import { EngineMetrics, ObservabilityModule, StallWatch } from '@engine/observability';
import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BarsController } from './bars/bars.controller.js';
import { BarsService } from './bars/bars.service.js';
import { ProblemFilter } from './http/problem.filter.js';
import { LakeView } from './lake/lake-view.js';
import { GoldFollower } from './live/gold-follower.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { MetricsService } from './metrics/metrics.service.js';
import { PipelineController } from './pipeline/pipeline.controller.js';
import { PipelineService } from './pipeline/pipeline.service.js';
import { SourcesModule } from './sources.module.js';
import { SymbolsController } from './symbols/symbols.controller.js';
import { SymbolsService } from './symbols/symbols.service.js';

/** Gold, and the pipeline itself, over HTTP. */
@Module({})
export class DashboardModule {
  static with(config: DashboardConfig): DynamicModule {
    const observed = ObservabilityModule.forAppAsync({
      inject: [GoldFollower, LakeView, StallWatch],
      useFactory: (follower: GoldFollower, lake: LakeView, stalls: StallWatch) => ({
        metrics: new EngineMetrics('dashboard'),
        readiness: [follower, lake],
        liveness: [{ key: 'gold-updates', check: () => follower.following() }, stalls],
      }),
    });
    return {
      module: DashboardModule,
      imports: [SourcesModule.with(config), observed],
      controllers: [BarsController, MetricsController, SymbolsController, PipelineController],
      providers: [
        BarsService,
        MetricsService,
        SymbolsService,
        PipelineService,
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
