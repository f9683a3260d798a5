import type { ScannedRows } from '@engine/lake/ports';
import type { SilverMessage, SilverTicks } from '@engine/medallion';

import type { StoredStretch } from './silver-history.js';

/** What silver sent to gold because of these records, made from what it stored: one message, without the refused ticks. */
export function storedSilverMessage(stretch: StoredStretch): SilverMessage {
  if (stretch.kind === 'ticks') return { kind: 'ticks', ticks: acceptedTicks(stretch.rows) };
  const { markerUs, laneOffset } = stretch;
  return { kind: 'marker', markerUs, laneOffset, laneIndex: 0 };
}

/** The columns of silver/ticks that it is made of. */
export const SENT_COLUMNS = [
  ...['lane_offset', 'lane_index', 'symbol', 'event_time', 'price', 'size', 'verdict', 'in_order'],
  ...['log_return', 'sma', 'volatility', 'record_time'],
] as const;

function acceptedTicks(rows: ScannedRows): SilverTicks {
  const accepted = acceptedRows(rows);
  const numbers = (name: string): number[] => pick(rows.numbers(name), accepted, (value) => value);
  const nullable = (name: string): (number | null)[] =>
    pick(rows.numbers(name), accepted, (value) => (Number.isNaN(value) ? null : value));
  const ids = new Map<string, number>();
  const symbol = pick(rows.texts('symbol'), accepted, (name) => idOf(ids, name!));
  return {
    n: accepted.length,
    symbols: [...ids.keys()],
    symbol,
    eventTimeUs: numbers('event_time'),
    price: numbers('price'),
    size: nullable('size'),
    inOrder: pick(rows.numbers('in_order'), accepted, (value) => value === 1),
    sma: nullable('sma'),
    volatility: nullable('volatility'),
    logReturn: nullable('log_return'),
    laneOffset: numbers('lane_offset'),
    laneIndex: numbers('lane_index'),
    recordTimeUs: numbers('record_time'),
  };
}

function acceptedRows(rows: ScannedRows): readonly number[] {
  const verdicts = rows.texts('verdict');
  const accepted: number[] = [];
  for (let row = 0; row < rows.rows; row++) if (verdicts[row] === 'accepted') accepted.push(row);
  return accepted;
}

function pick<V, T>(column: ArrayLike<V>, rows: readonly number[], as: (value: V) => T): T[] {
  const picked = new Array<T>(rows.length);
  for (let at = 0; at < rows.length; at++) picked[at] = as(column[rows[at]!]!);
  return picked;
}

function idOf(ids: Map<string, number>, name: string): number {
  let id = ids.get(name);
  if (id === undefined) ids.set(name, (id = ids.size));
  return id;
}
