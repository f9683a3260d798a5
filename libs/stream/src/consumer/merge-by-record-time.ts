import type { LogRecord, ReadLimits } from '../ports.js';
import { sizeOf } from './size-of.js';

/** Records of one partition that were fetched and not delivered yet, in offset order. */
export interface FetchedLane {
  readonly records: readonly LogRecord[];
  /** True when the partition holds more than `records`: the others must not pass the last of them. */
  readonly hasBacklog: boolean;
}

/**
 * The records that may be delivered now, in the order (timeMs, partition, offset). Order within a partition is kept
 * even where its times go back. It ends where the fetched records of a partition with a backlog end, because what
 * comes next there may belong before everything else; a partition that is at its end is not waited for.
 * At least one record, whatever the limits, if any may be delivered.
 *
 * Times 1 3 | 5 (backlog) and 2 4 6 (at its end) give 1 2 3: 4 has to wait for the first one's backlog.
 */
export function mergeByRecordTime(lanes: readonly FetchedLane[], limits: ReadLimits): LogRecord[] {
  const merged: LogRecord[] = [];
  const heads = lanes.map(() => 0);
  let bytes = 0;
  while (merged.length < limits.maxRecords) {
    const next = earliestHead(lanes, heads);
    if (next === undefined) break;
    bytes += sizeOf(next.record);
    if (bytes > limits.maxBytes && merged.length > 0) break;
    merged.push(next.record);
    heads[next.lane] = heads[next.lane]! + 1;
  }
  return merged;
}

/** undefined: nothing is left, or what is left may not be delivered before the backlog of an exhausted lane. */
function earliestHead(
  lanes: readonly FetchedLane[],
  heads: readonly number[],
): { record: LogRecord; lane: number } | undefined {
  let earliest: LogRecord | undefined;
  let lane = -1;
  for (let i = 0; i < lanes.length; i++) {
    const { records, hasBacklog } = lanes[i]!;
    const head = records[heads[i]!];
    if (head === undefined) {
      if (hasBacklog) return undefined;
    } else if (earliest === undefined || isBefore(head, earliest)) {
      earliest = head;
      lane = i;
    }
  }
  return earliest && { record: earliest, lane };
}

function isBefore(a: LogRecord, b: LogRecord): boolean {
  return a.timeMs === b.timeMs ? a.partition < b.partition : a.timeMs < b.timeMs;
}
