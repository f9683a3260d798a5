import { ChangeSignal, checkOffset } from '@engine/stream/testing';
import type { LaneSource } from '@engine/stream/testing';
import type {
  LogRecord,
  OffsetRange,
  OutgoingRecord,
  TopicDescription,
  TopicSpec,
} from '@engine/stream/ports';

import type { SimProcess } from '../machine/sim-process.js';

/** A consumer's view of a topic. */
export class WorldSource implements LaneSource {
  readonly changes = new ChangeSignal();
  /** It will be told that something was appended. */
  isNoticePending = false;
  readonly ranges: LaneSource['ranges'];
  readonly fetch: LaneSource['fetch'];

  constructor(
    readonly topic: string,
    calls: Pick<LaneSource, 'ranges' | 'fetch'>,
  ) {
    this.ranges = calls.ranges;
    this.fetch = calls.fetch;
  }

  notice(): void {
    this.isNoticePending = false;
    this.changes.raise();
  }
}

/** A topic's records, and who wants to know of new ones. */
export class WorldTopic {
  readonly description: TopicDescription;
  readonly partitions: readonly LogRecord[][];
  #readers: { readonly process: SimProcess; readonly source: WorldSource }[] = [];

  constructor({ name, partitions }: TopicSpec) {
    this.description = { name, partitions, id: `${name}-1` };
    this.partitions = Array.from({ length: partitions }, () => []);
  }

  get readers(): readonly { readonly process: SimProcess; readonly source: WorldSource }[] {
    return (this.#readers = this.#readers.filter(({ process }) => !process.isDead));
  }

  open(process: SimProcess, calls: Pick<LaneSource, 'ranges' | 'fetch'>): WorldSource {
    const source = new WorldSource(this.description.name, calls);
    this.#readers.push({ process, source });
    return source;
  }

  append(records: readonly OutgoingRecord[], timeMs: number): readonly LogRecord[] {
    return records.map(({ partition, key = null, value, headers = {} }) => {
      const kept = this.partitions[partition]!;
      const record = {
        partition,
        offset: kept.length,
        timeMs,
        key: bytes(key),
        value: bytes(value),
        headers: { ...headers },
      };
      kept.push(record);
      return record;
    });
  }

  end(partition: number): number {
    return this.partitions[partition]!.length;
  }

  ranges(): readonly OffsetRange[] {
    return this.partitions.map((records) => ({ start: 0, end: records.length }));
  }

  read(partition: number, from: number, count: number): readonly LogRecord[] {
    checkOffset(this.description.name, partition, from, { start: 0, end: this.end(partition) });
    return this.partitions[partition]!.slice(from, from + count);
  }
}

const bytes = (value: Buffer | string | null): Buffer | null => (value === null ? null : Buffer.from(value));
