import type { RefusedRow as Shown } from '@engine/contracts/api';
import { isoTime } from '../time.js';

/** Where a refused row stands in the list: by record time, then by its place in `stock-ticks`. */
export interface RefusedCursor {
  readonly recordUs: number;
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
}

/** A refused row of bronze/events or silver/ticks; times in µs since the epoch. */
export interface RefusedRow extends RefusedCursor {
  readonly layer: 'bronze' | 'silver';
  readonly reason: string;
  readonly symbol: string | null;
  readonly eventUs: number | null;
  readonly price: number | null;
}

/** The beginning of a message's value, and how long it is. */
export interface RawValue {
  readonly raw: string | null;
  readonly rawLength: number | null;
}

export const encodeRefusedCursor = ({ recordUs, partition, offset, index }: RefusedRow): string =>
  [recordUs, partition, offset, index].join('.');

export function parseRefusedCursor(text: string): RefusedCursor | undefined {
  const parts = /^(\d{1,15}|[1-8]\d{15})\.(\d{1,9})\.(\d{1,15})\.(\d{1,9})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [recordUs = 0, partition = 0, offset = 0, index = 0] = parts;
  return { recordUs, partition, offset, index };
}

export function showRefused(row: RefusedRow, value: RawValue | undefined): Shown {
  const { layer, reason, partition, offset, index, symbol, price } = row;
  return {
    layer,
    reason,
    recordTime: isoTime(row.recordUs),
    partition,
    offset,
    index,
    symbol,
    eventTime: row.eventUs === null ? null : isoTime(row.eventUs),
    price,
    raw: value?.raw ?? null,
    rawLength: value?.rawLength ?? null,
  };
}
