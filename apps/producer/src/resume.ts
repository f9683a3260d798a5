import { laneOf } from '@engine/medallion';
import type { Log, LogRecord, OffsetRange, ReadLimits } from '@engine/stream';
import { OffsetOutOfRangeError } from '@engine/stream';
import type { SentRows } from './feeds/feed.js';

/** Headers of the producer's records: which feed, and which of its rows. */
export const FEED_HEADER = 'feed';
export const ROW_HEADER = 'row';

const FIRST_STEP = 64;
const STEP_GROWTH = 8;
const LONGEST_STEP = 32_768;
const READ_LIMITS: ReadLimits = { maxRecords: 4096, maxBytes: 4 * 1024 * 1024 };

/**
 * How far a feed has come, per partition of the topic. Rows go to partitions by their keys and one send is in flight at a
 * time, so a partition that has a row has all the rows before it that belong there.
 */
export class SentPositions implements SentRows {
  readonly newestRow: number;

  /** `rows`: per partition the newest row, -1 for none. */
  constructor(private readonly rows: readonly number[]) {
    this.newestRow = Math.max(-1, ...rows);
  }

  has(key: string, row: number): boolean {
    return row <= this.rows[this.partitionOf(key)]!;
  }

  partitionOf(key: string): number {
    return laneOf(key, this.rows.length);
  }
}

/** Reads back in every partition to the newest record of this feed. */
export async function readSentPositions(log: Log, topic: string, feed: string): Promise<SentPositions> {
  const rows: number[] = [];
  for (const [partition, range] of (await log.offsetRanges(topic)).entries())
    rows.push(await newestRow(new PartitionReader(log, topic, partition), range, feed));
  return new SentPositions(rows);
}

/** Looks at ever longer stretches, the newest first: most often the first few records tell. */
async function newestRow(
  reader: PartitionReader,
  { start, end }: OffsetRange,
  feed: string,
): Promise<number> {
  let to = end;
  for (let step = FIRST_STEP; to > start; step = Math.min(step * STEP_GROWTH, LONGEST_STEP)) {
    const from = Math.max(start, to - step);
    const row = await newestRowWithin(reader, { start: from, end: to }, feed);
    if (row !== undefined) return row;
    to = from;
  }
  return -1;
}

async function newestRowWithin(
  reader: PartitionReader,
  stretch: OffsetRange,
  feed: string,
): Promise<number | undefined> {
  let newest: number | undefined;
  for await (const record of reader.records(stretch))
    if (record.headers[FEED_HEADER] === feed) newest = Number(record.headers[ROW_HEADER]);
  return newest;
}

class PartitionReader {
  constructor(
    private readonly log: Log,
    private readonly topic: string,
    private readonly partition: number,
  ) {}

  /** The records of a stretch that the log still has. */
  async *records({ start, end }: OffsetRange): AsyncGenerator<LogRecord> {
    for (let from = start; from < end;) {
      const records = await this.#read(from);
      const last = records.at(-1);
      if (last === undefined) return;
      for (const record of records) if (record.offset < end) yield record;
      from = last.offset + 1;
    }
  }

  /** Retention may have moved on since the range was asked for. */
  async #read(from: number): Promise<readonly LogRecord[]> {
    try {
      return await this.log.read(this.topic, this.partition, from, READ_LIMITS);
    } catch (error) {
      if (!(error instanceof OffsetOutOfRangeError) || error.available.start <= from) throw error;
      return await this.log.read(this.topic, this.partition, error.available.start, READ_LIMITS);
    }
  }
}
