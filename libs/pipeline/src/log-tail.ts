import { OffsetOutOfRangeError } from '@engine/stream/ports';
import type { Log, LogRecord, OffsetRange } from '@engine/stream/ports';

/** What is read at a time where a stretch of the log is looked through. */
export const BATCH = { maxRecords: 500, maxBytes: 8 * 1024 * 1024 };

export async function rangeOf(
  log: Pick<Log, 'offsetRanges'>,
  topic: string,
  partition: number,
): Promise<OffsetRange> {
  const range = (await log.offsetRanges(topic))[partition];
  if (range === undefined) throw new Error(`${topic} has no partition ${partition}`);
  return range;
}

/** The newest record of a partition, or undefined when it is empty. */
export async function lastRecord(
  log: Pick<Log, 'offsetRanges' | 'read'>,
  topic: string,
  partition: number,
): Promise<LogRecord | undefined> {
  const range = await rangeOf(log, topic, partition);
  if (range.end === range.start) return undefined;
  const records = await log.read(topic, partition, range.end - 1, { maxRecords: 1, maxBytes: 1 });
  return records[0];
}

/** The log's time, ms, of the record before an offset; undefined when the log holds it no more. */
export async function recordTimeBefore(
  log: Pick<Log, 'offsetRanges' | 'read'>,
  { topic, partition }: { readonly topic: string; readonly partition: number },
  offset: number,
): Promise<number | undefined> {
  try {
    const [record] = await log.read(topic, partition, offset - 1, { maxRecords: 1, maxBytes: 1 });
    return record?.timeMs;
  } catch (error) {
    if (error instanceof OffsetOutOfRangeError) return undefined;
    throw error;
  }
}
