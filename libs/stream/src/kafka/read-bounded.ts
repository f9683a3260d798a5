import { sizeOf } from '../consumer/size-of.js';
import { withinLimits } from '../consumer/within-limits.js';
import type { LogRecord, ReadLimits } from '../ports.js';
import type { FetchPosition } from './stretch.js';
import type { TopicReader } from './topic-reader.js';

const maxFetchBytes = 8 * 1024 * 1024;

/** A partition's records from an offset on, as many as there are within the limits. */
export async function readBounded(
  reader: TopicReader,
  { partition, from }: FetchPosition,
  limits: ReadLimits,
): Promise<readonly LogRecord[]> {
  let found: readonly LogRecord[] = [];
  let bytes = 0;
  let next = from;
  for (;;) {
    const maxBytes = Math.min(Math.max(limits.maxBytes - bytes, 1), maxFetchBytes);
    const [stretch] = await reader.fetch([{ partition, from: next }], { maxBytes, maxWaitMs: 0 });
    const { records, end } = stretch!;
    found = found.length === 0 ? records : [...found, ...records];
    bytes = records.reduce((sum, record) => sum + sizeOf(record), bytes);
    const isFull = found.length >= limits.maxRecords || bytes >= limits.maxBytes;
    if (isFull || stretch!.next === next || stretch!.next >= end) return withinLimits(found, limits);
    next = stretch!.next;
  }
}
