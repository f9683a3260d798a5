import type { DashboardConfig } from '@engine/config';
import { LakeReader } from '@engine/lake';
import { StallWatch } from '@engine/observability';
import { Log } from '@engine/stream';
import { openLog } from '@engine/stream/open';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { DASHBOARD_CONFIG } from './dashboard-config.token.js';
import { LakeView } from './lake/lake-view.js';
import { GoldFollower } from './live/gold-follower.js';
import { LiveGold } from './live/live-gold.js';
import { LiveTicks } from './ticks/live-ticks.js';
import { TickFollower } from './ticks/tick-follower.js';

/** Somebody waits for every answer: what takes longer, or would wait behind too many others, is refused. */
const LAKE_LIMITS = { timeoutMs: 10_000, maxWaiting: 100 } as const;

/** What the dashboard shows comes from here: the log, the lake, and what is in neither of its own yet. */
@Global()
@Module({})
export class SourcesModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly log: Log,
    private readonly stalls: StallWatch,
  ) {}

  static with(config: DashboardConfig): DynamicModule {
    return {
      module: SourcesModule,
      providers: [
        { provide: DASHBOARD_CONFIG, useValue: config },
        { provide: Log, useFactory: () => openLog(config) },
        {
          provide: LakeReader,
          useFactory: () => LakeReader.open({ folder: config.lakeFolder, ...LAKE_LIMITS }),
        },
        { provide: Clock, useClass: SystemClock },
        LiveGold,
        LiveTicks,
        LakeView,
        GoldFollower,
        TickFollower,
        {
          provide: StallWatch,
          inject: [GoldFollower, Clock],
          useFactory: (follower: GoldFollower, clock: Clock) =>
            new StallWatch(() => follower.workers(), config.stallMs, clock),
        },
      ],
      exports: [
        StallWatch,
        DASHBOARD_CONFIG,
        Clock,
        Log,
        LiveGold,
        LiveTicks,
        LakeView,
        GoldFollower,
        TickFollower,
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.stalls.start();
  }

  /** The followers have stopped by now. */
  async onApplicationShutdown(): Promise<void> {
    this.stalls.stop();
    await this.log.close();
  }
}
