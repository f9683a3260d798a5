import type { LogRecord } from '../ports.js';
import { withoutAborted } from './kafkajs-internals.js';
import type { DecodedRecord, FetchedPartition } from './kafkajs-internals.js';

/** Where to fetch from in a partition. */
export interface FetchPosition {
  readonly partition: number;
  readonly from: number;
}

/** One partition's records from an offset on, as far as they were fetched. */
export interface Stretch extends FetchPosition {
  /** Where to go on: behind the last record that was fetched, whether it is to be seen or not. */
  readonly next: number;
  readonly records: readonly LogRecord[];
  /** Where the partition ended. */
  readonly end: number;
}

/** What came of a partition: without records before `from` (a batch comes whole), of failed transactions, or of none at all. */
export function toStretch(
  { partition, from }: FetchPosition,
  fetched: FetchedPartition | undefined,
): Stretch {
  if (!fetched) return { partition, from, next: from, records: [], end: from };
  const last = fetched.messages.at(-1);
  const visible = withoutAborted(fetched).filter(
    ({ offset, isControlRecord }) => !isControlRecord && Number(offset) >= from,
  );
  return {
    partition,
    from,
    next: last === undefined ? from : Math.max(from, Number(last.offset) + 1),
    records: visible.map((record) => toRecord(partition, record)),
    end: Number(fetched.highWatermark),
  };
}

function toRecord(partition: number, { offset, timestamp, key, value, headers }: DecodedRecord): LogRecord {
  return {
    partition,
    offset: Number(offset),
    timeMs: Number(timestamp),
    key,
    value,
    headers: Object.fromEntries(Object.entries(headers).map(([name, given]) => [name, textOf(given)])),
  };
}

/** Of a header that is there several times the last one counts, as in Kafka's own clients. */
function textOf(given: Buffer | Buffer[] | null): string {
  const last = Array.isArray(given) ? given.at(-1) : given;
  return last?.toString() ?? '';
}
