import type { DashboardConfig } from '@engine/config';
import { LakeReader } from '@engine/lake';
import { Log } from '@engine/stream';
import { openLog } from '@engine/stream/open';
import { Global, Module } from '@nestjs/common';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Clock, SystemClock } from './clock.js';
import { DASHBOARD_CONFIG } from './dashboard-config.token.js';
import { LakeView } from './lake/lake-view.js';
import { GoldFollower } from './live/gold-follower.js';
import { LiveGold } from './live/live-gold.js';

/** What the dashboard shows comes from here: the log, the lake, and what is in neither of its own yet. */
@Global()
@Module({})
export class SourcesModule implements OnApplicationShutdown {
  constructor(private readonly log: Log) {}

  static with(config: DashboardConfig): DynamicModule {
    return {
      module: SourcesModule,
      providers: [
        { provide: DASHBOARD_CONFIG, useValue: config },
        { provide: Log, useFactory: () => openLog(config) },
        { provide: LakeReader, useFactory: () => LakeReader.open({ folder: config.lakeFolder }) },
        { provide: Clock, useClass: SystemClock },
        LiveGold,
        LakeView,
        GoldFollower,
      ],
      exports: [DASHBOARD_CONFIG, Clock, Log, LiveGold, LakeView, GoldFollower],
    };
  }

  /** The follower has stopped by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.log.close();
  }
}
