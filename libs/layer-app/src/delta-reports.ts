import type { LakeMetrics } from '@engine/observability';
import type { LoggerService } from '@nestjs/common';

import type { DeltaObserver } from './lane-delta.js';
import { ToldOnce } from './told-once.js';

/** Tells metrics of the Delta logs, and the log of each failure once for as long as it lasts. */
export class DeltaReports implements DeltaObserver {
  readonly #failures: ToldOnce;

  constructor(
    private readonly metrics: LakeMetrics,
    logger: LoggerService,
  ) {
    this.#failures = new ToldOnce(logger);
  }

  synced(table: string, version: number): void {
    this.#failures.settled(table);
    this.metrics.deltaVersion(table, version);
  }

  failed(table: string, error: unknown): void {
    this.metrics.deltaFailed(table);
    this.#failures.failed(
      table,
      error,
      (reason) =>
        `${table}: its Delta log is behind: ${reason}. The table itself is not touched by it; it is tried again`,
    );
  }
}
