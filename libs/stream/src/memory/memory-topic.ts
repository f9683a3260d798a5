import { ChangeSignal } from '../consumer/change-signal.js';
import type { Fetched, LaneSource, Wanted } from '../consumer/lane-source.js';
import { withinLimits } from '../consumer/within-limits.js';
import type { LogRecord, OffsetRange, OutgoingRecord, ReadLimits, TopicDescription } from '../ports.js';
import { checkOffset, checkPartition } from '../topic/check-topic.js';

/** A topic as arrays. */
export class MemoryTopic implements LaneSource {
  readonly changes = new ChangeSignal();
  readonly #partitions: readonly LogRecord[][];
  readonly #starts: number[];
  #lastTimeMs = 0;

  constructor(readonly description: TopicDescription) {
    this.#partitions = Array.from({ length: description.partitions }, () => []);
    this.#starts = this.#partitions.map(() => 0);
  }

  get topic(): string {
    return this.description.name;
  }

  append(records: readonly OutgoingRecord[], nowMs: number): void {
    this.#lastTimeMs = Math.max(nowMs, this.#lastTimeMs);
    for (const record of records) {
      const partition = this.#partitions[record.partition]!;
      partition.push(stored(record, this.#end(record.partition), this.#lastTimeMs));
    }
    this.changes.raise();
  }

  records(partition: number): readonly LogRecord[] {
    return [...this.#partitions[partition]!];
  }

  truncate(partition: number, before: number): void {
    const oldStart = this.#starts[partition]!;
    const start = Math.min(Math.max(before, oldStart), this.#end(partition));
    this.#partitions[partition]!.splice(0, start - oldStart);
    this.#starts[partition] = start;
  }

  ranges(): Promise<readonly OffsetRange[]> {
    return Promise.resolve(this.#starts.map((start, partition) => ({ start, end: this.#end(partition) })));
  }

  fetch(wanted: readonly Wanted[]): Promise<readonly Fetched[]> {
    return Promise.resolve().then(() =>
      wanted.map(({ partition, from, limits }) => {
        const records = this.#from(partition, from, limits?.maxRecords ?? 0);
        return { records: limits ? withinLimits(records, limits) : [], end: this.#end(partition) };
      }),
    );
  }

  async read(partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    const [fetched] = await this.fetch([{ partition, from, limits }]);
    return fetched!.records;
  }

  #from(partition: number, from: number, count: number): readonly LogRecord[] {
    checkPartition(this.description, partition);
    const start = this.#starts[partition]!;
    checkOffset(this.topic, partition, from, { start, end: this.#end(partition) });
    return this.#partitions[partition]!.slice(from - start, from - start + count);
  }

  #end(partition: number): number {
    return this.#starts[partition]! + this.#partitions[partition]!.length;
  }
}

function stored(record: OutgoingRecord, offset: number, timeMs: number): LogRecord {
  const { partition, key = null, value, headers = {} } = record;
  return {
    partition,
    offset,
    timeMs,
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
    headers: { ...headers },
  };
}
