import type { LaneFailed, LaneListener, LogBatch, LogRecord } from '../ports.js';
import { waitUntil } from './wait-until.js';

export interface RecordingOptions {
  /** Where to start a partition. Default: after the last record seen of it, else at 0. */
  readonly position?: (partition: number) => number | Promise<number>;
  /** What to do with a batch before it counts as dealt with. */
  readonly onBatch?: (batch: LogBatch) => void | Promise<void>;
}

/** A listener that keeps what it is told. */
export class RecordingListener implements LaneListener {
  readonly batches: LogBatch[] = [];
  readonly records: LogRecord[] = [];
  readonly calls: string[] = [];
  /** By partition, what it was told last. */
  readonly passedTo = new Map<number, number>();

  constructor(private readonly options: RecordingOptions = {}) {}

  /** Tells the consumer that a partition failed; of the newest assignment. */
  failed: LaneFailed = () => undefined;

  async assigned(partitions: readonly number[], failed: LaneFailed): Promise<ReadonlyMap<number, number>> {
    this.calls.push(`assigned ${partitions.join(' ')}`);
    this.failed = failed;
    const position = this.options.position ?? ((partition: number): number => this.next(partition));
    const entries = partitions.map(async (partition) => [partition, await position(partition)] as const);
    return new Map(await Promise.all(entries));
  }

  async batch(batch: LogBatch): Promise<void> {
    this.calls.push('batch');
    await this.options.onBatch?.(batch);
    this.batches.push(batch);
    this.records.push(...batch.records);
  }

  passed(partition: number, offset: number): void {
    this.passedTo.set(partition, offset);
  }

  revoked(partitions: readonly number[]): Promise<void> {
    this.calls.push(`revoked ${partitions.join(' ')}`);
    return Promise.resolve();
  }

  /** The offset after the last record dealt with. */
  next(partition: number): number {
    return (this.records.findLast((record) => record.partition === partition)?.offset ?? -1) + 1;
  }

  /** The values dealt with, as text, of all partitions or of one. */
  values(partition?: number): (string | undefined)[] {
    const own = this.records.filter((record) => partition === undefined || record.partition === partition);
    return own.map(({ value }) => value?.toString());
  }

  async untilRecords(count: number): Promise<void> {
    await waitUntil(() => this.records.length >= count);
  }
}
