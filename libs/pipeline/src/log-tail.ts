import type { Log, LogRecord } from '@engine/stream/ports';

/** The newest record of a partition, or undefined when it is empty. */
export async function lastRecord(
  log: Pick<Log, 'offsetRanges' | 'read'>,
  topic: string,
  partition: number,
): Promise<LogRecord | undefined> {
  const range = (await log.offsetRanges(topic))[partition];
  if (range === undefined || range.end === range.start) return undefined;
  const records = await log.read(topic, partition, range.end - 1, { maxRecords: 1, maxBytes: 1 });
  return records[0];
}
