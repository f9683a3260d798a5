import type { UpkeepReport } from '@engine/lake';
import type { LakeMetrics } from '@engine/observability';
import type { LoggerService } from '@nestjs/common';

import type { UpkeepObserver } from './lane-upkeep.js';
import { ToldOnce } from './told-once.js';

/** Tells log and metrics of the lake's upkeep: each thing done once, and each failure once for as long as it lasts. */
export class UpkeepReports implements UpkeepObserver {
  readonly #failures: ToldOnce;

  constructor(
    private readonly metrics: LakeMetrics,
    private readonly logger: LoggerService,
  ) {
    this.#failures = new ToldOnce(logger);
  }

  tended(table: string, lane: number, report: UpkeepReport): void {
    const { segments, compactedSegments, bytes, compaction, floor, removed } = report;
    const where = `${table}/lane=${lane}`;
    this.#failures.settled(where);
    this.metrics.found({
      table,
      lane,
      segments: segments - compactedSegments,
      compactedSegments,
      bytes,
      compactedBytes: compaction?.bytesBefore,
      removedFiles: removed,
    });
    if (compaction !== undefined) this.logger.log(compacted(where, compaction));
    if (floor !== undefined) this.logger.log(`${where}: rows below offset ${floor} are retired`);
    if (removed > 0)
      this.logger.log(`${where}: ${removed} files removed that were compacted or retired before`);
  }

  failed(table: string, lane: number, error: unknown): void {
    const where = `${table}/lane=${lane}`;
    this.metrics.failed(table);
    this.#failures.failed(
      where,
      error,
      (reason) => `${where}: not compacted: ${reason}. Nothing is lost by it; it is tried again`,
    );
  }

  released(table: string, lane: number): void {
    this.#failures.settled(`${table}/lane=${lane}`);
    this.metrics.released(table, lane);
  }
}

function compacted(where: string, compaction: NonNullable<UpkeepReport['compaction']>): string {
  const { first, next, files, rows, bytesBefore, bytesAfter } = compaction;
  return (
    `${where}: ${files} segments of offsets [${first}, ${next}) compacted into one: ` +
    `${rows} rows, ${bytesBefore} B before, ${bytesAfter} B after`
  );
}
