import { parseBarInterval } from '@engine/window';
import fc from 'fast-check';

import type { LaneRecord } from '../layer.js';
import type { BronzeMessage } from '../ticks.js';
import type { SilverSettings } from './settings.js';
import type { TickRow } from './testing.js';
import { bronzeLane } from './testing.js';

const SECOND = 1e6;
const DAY = 86_400 * SECOND;

/** Tight, so that short lanes reach every bound. */
export const tightSettings: SilverSettings = {
  allowedLatenessUs: 20 * SECOND,
  maxFutureUs: 10 * SECOND,
  silverRows: 3,
  windowUs: 60 * SECOND,
  windowSlideUs: 25 * SECOND,
  barIntervals: ['5s', '1m', '1d'].map((name) => parseBarInterval(name)),
  maxSymbols: 3,
  dedupWithoutId: 'content',
};

const symbols = ['A', 'B', 'C', 'D'] as const;

/** A tick so many seconds behind (or before) its symbol's time. */
const row = fc.record({
  symbol: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...symbols.slice(0, 3)) },
    { weight: 4, arbitrary: fc.constantFrom(...symbols) },
  ),
  behind: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 25 }) },
    { weight: 1, arbitrary: fc.constant(-15) },
  ),
  price: fc.oneof(fc.constantFrom(100, 100.1, 100.7), fc.double({ min: 1e-9, max: 1e15, noNaN: true })),
  size: fc.option(fc.constantFrom(0, 0.3, 7, 1e15)),
  tradeId: fc.option(fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8', '9')),
  source: fc.constantFrom('x', 'y'),
});
const step = fc.oneof(
  { weight: 30, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 2, arbitrary: fc.constant(86_500) },
);
const message = fc.record({
  step,
  rows: fc.option(fc.array(row, { minLength: 1, maxLength: 6 }), { freq: 12 }),
});
/** How far each symbol lags behind its lane: far enough that ticks in time fall into windows closed long ago. */
const lags = fc.record(
  Object.fromEntries(symbols.map((symbol) => [symbol, fc.constantFrom(0, 0, 90, 160, 161)])),
);

/**
 * Lanes whose time moves on while symbols lag behind it: ticks out of order, late, future, repeated, of too many symbols,
 * markers, corrections, symbols that are let go.
 */
export const silverLanes: fc.Arbitrary<LaneRecord<BronzeMessage>[]> = fc
  .tuple(fc.array(message, { maxLength: 30 }), lags)
  .map(([messages, lagOf]) => {
    let now = DAY / SECOND;
    return bronzeLane(
      messages.map((each): TickRow[] | number => {
        now += each.step;
        return each.rows === null ? now * SECOND : each.rows.map((tick) => laneTick(tick, now, lagOf));
      }),
    );
  });

function laneTick(
  { behind, ...tick }: Omit<TickRow, 'eventTimeUs' | 'recordTimeUs'> & { readonly behind: number },
  now: number,
  lagOf: Readonly<Record<string, number>>,
): TickRow {
  const second = now - (lagOf[tick.symbol] ?? 0);
  return { ...tick, eventTimeUs: (second - behind) * SECOND, recordTimeUs: second * SECOND };
}
