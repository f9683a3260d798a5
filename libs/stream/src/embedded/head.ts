import type { OffsetRange } from '../ports.js';
import type { Database } from './environment.js';
import { headKey } from './keys.js';

/** Where a partition stands: its offsets [start, end), the time of its last append, and the bytes its chunks take. */
export interface Head extends OffsetRange {
  readonly timeMs: number;
  readonly bytes: number;
}

const emptyHead: Head = { start: 0, end: 0, timeMs: 0, bytes: 0 };

/** A partition that was never appended to has no head yet: it is empty. */
export function getHead(db: Database, partition: number): Head {
  const encoded = db.get(headKey(partition));
  return encoded ? decodeHead(encoded) : emptyHead;
}

export function getHeads(db: Database, partitions: number): Head[] {
  return Array.from({ length: partitions }, (_, partition) => getHead(db, partition));
}

export function putHeads(db: Database, heads: readonly Head[]): void {
  heads.forEach((head, partition) => {
    void db.put(headKey(partition), encodeHead(head));
  });
}

function encodeHead({ start, end, timeMs, bytes }: Head): Buffer {
  const encoded = Buffer.alloc(32);
  [start, end, timeMs, bytes].forEach((value, i) => encoded.writeDoubleBE(value, 8 * i));
  return encoded;
}

function decodeHead(encoded: Buffer): Head {
  const [start = 0, end = 0, timeMs = 0, bytes = 0] = [0, 1, 2, 3].map((i) => encoded.readDoubleBE(8 * i));
  return { start, end, timeMs, bytes };
}
