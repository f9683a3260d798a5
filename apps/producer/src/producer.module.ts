import { CONTROL_TOKEN, EngineMetrics, ObservabilityModule, StallWatch } from '@engine/observability';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { FeedController } from './feed.controller.js';
import { FEED, FeedService } from './feed.service.js';
import type { Feed } from './feeds/feed.js';
import { LogModule } from './log.module.js';
import type { ProducerSettings } from './producer.config.js';
import { PRODUCER_SETTINGS } from './producer.config.js';

/** A feed (null: none), and the log it is sent to. */
@Module({})
export class ProducerModule {
  static with(settings: ProducerSettings, feed: Feed | null): DynamicModule {
    const sending: DynamicModule = {
      module: FeedModule,
      imports: [LogModule.with(settings)],
      controllers: [FeedController],
      providers: [
        { provide: PRODUCER_SETTINGS, useValue: settings },
        { provide: FEED, useValue: feed },
        FeedService,
        {
          provide: StallWatch,
          inject: [FeedService],
          useFactory: (service: FeedService) => new StallWatch(() => service.workers(), settings.stallMs),
        },
        { provide: CONTROL_TOKEN, useValue: settings.controlToken },
      ],
      exports: [FeedService, StallWatch],
    };
    const observability = ObservabilityModule.forAppAsync({
      imports: [sending],
      inject: [FeedService, StallWatch],
      useFactory: (service: FeedService, stalls: StallWatch) => ({
        metrics: new EngineMetrics('producer'),
        readiness: [{ key: 'log', check: () => service.readiness() }],
        liveness: [stalls],
      }),
    });
    return { module: ProducerModule, imports: [sending, observability] };
  }
}

@Module({})
class FeedModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(private readonly stalls: StallWatch) {}

  onApplicationBootstrap(): void {
    this.stalls.start();
  }

  onApplicationShutdown(): void {
    this.stalls.stop();
  }
}
