import { laneOf } from '@engine/medallion';
import type { RawRecord } from '@engine/medallion';

const START_MS = 1_700_000_000_000;
/** A day on: every window and bar of less than a day is closed by then. */
export const END_MARKER_US = (START_MS + 86_400_000) * 1000;

/**
 * Records of a small market, the same every time: ticks of a few symbols with a duplicate, a late, a future and an unreadable one
 * now and then, and arrays. `keyed`: each symbol in its lane's partition, else in turn.
 */
export function* marketMessages(
  count: number,
  lanes: number,
  { keyed = true, symbols = 7, stepMs = 500 } = {},
): Generator<RawRecord, void> {
  const offsets = new Array<number>(lanes).fill(0);
  for (let at = 0; at < count; at++) {
    const timeMs = START_MS + at * stepMs;
    const symbol = `SYM${(at * 31) % symbols}`;
    const partition = keyed ? laneOf(symbol, lanes) : at % lanes;
    const value = Buffer.from(messageAt(at, symbol, timeMs));
    yield { partition, offset: offsets[partition]!++, timeMs, key: Buffer.from(symbol), value };
  }
}

function messageAt(at: number, symbol: string, timeMs: number): string {
  if (at % 97 === 96) return 'not json';
  const delayMs = at % 53 === 52 ? 200_000 : at % 11 === 10 ? 5_000 : 0;
  const aheadMs = at % 59 === 58 ? 60_000 : 0;
  const tick = {
    ticker: symbol,
    price: 100 + Math.round(Math.sin(at / 10) * 1000) / 100,
    timestamp: timeMs - delayMs + aheadMs,
    size: (at % 40) + 1,
    ...(at % 3 === 0 ? { side: 'buy' } : {}),
    // An id twice in a row of its symbol now and then.
    id: at % 43 === 42 ? `t-${at - 7}` : `t-${at}`,
    source: 'test',
  };
  return JSON.stringify(at % 17 === 16 ? [tick, { ...tick, id: `t-${at}-b` }, { ...tick, price: -1 }] : tick);
}
