import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { APP_PARTS } from './app-parts.js';
import type { AppParts } from './app-parts.js';
import { HealthController } from './health/health.controller.js';
import { EngineMetrics } from './metrics/engine-metrics.js';
import { MetricsController } from './metrics/metrics.controller.js';
import type { ModuleParts } from './module-parts.js';

/** `/health/live`, `/health/ready` and `/metrics`. */
@Module({})
export class ObservabilityModule {
  /** With parts that exist already. */
  static forApp(parts: AppParts): DynamicModule {
    return ObservabilityModule.forAppAsync({ useFactory: () => parts });
  }

  /** With parts made of providers: `forAppAsync({ imports: [LaneModule], inject: [Runner], useFactory: (runner) => ... })`. */
  static forAppAsync<Deps extends unknown[]>(parts: ModuleParts<AppParts, Deps>): DynamicModule {
    return {
      module: ObservabilityModule,
      imports: [TerminusModule.forRoot({ logger: false }), ...(parts.imports ?? [])],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: APP_PARTS, inject: parts.inject ?? [], useFactory: parts.useFactory },
        { provide: EngineMetrics, inject: [APP_PARTS], useFactory: (found: AppParts) => found.metrics },
      ],
      exports: [EngineMetrics],
    };
  }
}
