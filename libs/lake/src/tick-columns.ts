import type { ScannedRows } from './scanned-rows.js';

/** The columns that make a tick, of bronze/events or of silver/ticks. */
export interface TickColumns {
  readonly originOffset: Float64Array;
  readonly originIndex: Float64Array;
  readonly recordTimeUs: Float64Array;
  readonly eventTimeUs: Float64Array;
  readonly price: Float64Array;
  readonly size: Float64Array;
  readonly symbol: readonly (string | null)[];
  readonly side: readonly (string | null)[];
  readonly tradeId: readonly (string | null)[];
  readonly source: readonly (string | null)[];
}

export const tickColumns = (rows: ScannedRows, offset: string, index: string): TickColumns => ({
  originOffset: rows.numbers(offset),
  originIndex: rows.numbers(index),
  recordTimeUs: rows.numbers('record_time'),
  eventTimeUs: rows.numbers('event_time'),
  price: rows.numbers('price'),
  size: rows.numbers('size'),
  symbol: rows.texts('symbol'),
  side: rows.texts('side'),
  tradeId: rows.texts('trade_id'),
  source: rows.texts('source'),
});
