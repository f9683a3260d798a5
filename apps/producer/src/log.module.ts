import type { AppConfig } from '@engine/config';
import { Log } from '@engine/stream';
import { openLog } from '@engine/stream/open';
import type { DynamicModule, OnApplicationShutdown } from '@nestjs/common';
import { Module } from '@nestjs/common';

/** The log, from the app's start to its end. */
@Module({})
export class LogModule implements OnApplicationShutdown {
  constructor(private readonly log: Log) {}

  static with(config: Pick<AppConfig, 'kafka' | 'logFolder' | 'logRetentionBytes'>): DynamicModule {
    return {
      module: LogModule,
      providers: [{ provide: Log, useFactory: () => openLog(config) }],
      exports: [Log],
    };
  }

  /** The last of the hooks: whoever uses the log has stopped by now. */
  async onApplicationShutdown(): Promise<void> {
    await this.log.close();
  }
}
