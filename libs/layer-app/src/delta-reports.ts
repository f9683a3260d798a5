import type { LakeMetrics } from '@engine/observability';
import type { LoggerService } from '@nestjs/common';

import type { DeltaObserver } from './lane-delta.js';
import { messageOf } from './troubles.js';

/** Tells metrics of the Delta logs, and the log of each failure once for as long as it lasts. */
export class DeltaReports implements DeltaObserver {
  readonly #failures = new Map<string, string>();

  constructor(
    private readonly metrics: LakeMetrics,
    private readonly logger: LoggerService,
  ) {}

  synced(table: string, version: number): void {
    this.#failures.delete(table);
    this.metrics.deltaVersion(table, version);
  }

  failed(table: string, error: unknown): void {
    this.metrics.deltaFailed(table);
    const reason = messageOf(error);
    if (this.#failures.get(table) === reason) return;
    this.#failures.set(table, reason);
    this.logger.warn(
      `${table}: its Delta log is behind: ${reason}. The table itself is not touched by it; it is tried again`,
    );
  }
}
