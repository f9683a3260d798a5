import type { ScannedRows } from '@engine/lake/ports';
import type { SilverMessage, SilverTicks } from '@engine/medallion';

import type { StoredStretch } from './silver-history.js';

/** What silver sent to gold because of these records, made from what it stored: one message, without the refused ticks. */
export function storedSilverMessage(stretch: StoredStretch): SilverMessage {
  if (stretch.kind === 'ticks') return { kind: 'ticks', ticks: acceptedTicks(stretch.rows) };
  const { markerUs, laneOffset } = stretch;
  return { kind: 'marker', markerUs, laneOffset, laneIndex: 0 };
}

function acceptedTicks(rows: ScannedRows): SilverTicks {
  const verdicts = rows.texts('verdict');
  const accepted = [...verdicts.keys()].filter((row) => verdicts[row] === 'accepted');
  const numbers = (name: string): number[] => {
    const column = rows.numbers(name);
    return accepted.map((row) => column[row]!);
  };
  const nullable = (name: string): (number | null)[] =>
    numbers(name).map((value) => (Number.isNaN(value) ? null : value));
  const names = rows.texts('symbol');
  const ids = new Map<string, number>();
  const idOf = (name: string): number => ids.get(name) ?? (ids.set(name, ids.size), ids.size - 1);
  const symbol = accepted.map((row) => idOf(names[row]!));
  return {
    n: accepted.length,
    symbols: [...ids.keys()],
    symbol,
    eventTimeUs: numbers('event_time'),
    price: numbers('price'),
    size: nullable('size'),
    inOrder: numbers('in_order').map((value) => value === 1),
    sma: nullable('sma'),
    volatility: nullable('volatility'),
    logReturn: nullable('log_return'),
    laneOffset: numbers('lane_offset'),
    laneIndex: numbers('lane_index'),
    recordTimeUs: numbers('record_time'),
  };
}
