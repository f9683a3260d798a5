import { parseBarInterval } from '@engine/window';

import { silverLayer } from './silver-layer.js';
import type { TickRow } from './testing.js';
import { bronzeLane, rowsOf } from './testing.js';

const SECOND = 1e6;

type Row = Record<string, string | number | boolean | null>;

/** All ticks in one record, then a marker that closes everything. */
function run(ticks: readonly TickRow[]): { ticks: Row[]; windows: Row[] } {
  const layer = silverLayer({
    allowedLatenessUs: 120 * SECOND,
    maxFutureUs: 10 * SECOND,
    silverRows: 5,
    windowUs: 60 * SECOND,
    windowSlideUs: 30 * SECOND,
    barIntervals: [parseBarInterval('1m')],
    maxSymbols: 100,
    dedupWithoutId: 'never',
  });
  const end = Math.max(...ticks.map(({ eventTimeUs }) => eventTimeUs)) + 3600 * SECOND;
  const { tables } = layer.apply(layer.initial(), bronzeLane([ticks, end]));
  const rows = (name: string): Row[] => rowsOf(tables.find(({ schema }) => schema.name === name));
  return { ticks: rows('silver/ticks'), windows: rows('silver/windows') };
}

const T0 = Date.UTC(2024, 1, 29, 23, 59) * 1000;
const prices = (values: readonly number[], start = T0): TickRow[] =>
  values.map((price, i) => ({ symbol: 'A', eventTimeUs: start + i, price }));

describe('features of a tick', () => {
  it('are the mean of what there is from the first tick on, the deviation from the second', () => {
    const { ticks } = run(prices([10, 12, 14, 16, 18, 20]));
    expect(ticks.map(({ sma }) => sma)).toEqual([10, 11, 12, 13, 14, 16]);
    expect(ticks.map(({ volatility }) => volatility)).toEqual(
      [null, 2, 4, 20 / 3, 10, 10].map((variance) => (variance === null ? null : Math.sqrt(variance))),
    );
    expect(ticks.map(({ log_return }) => log_return)).toEqual(
      [null, 12 / 10, 14 / 12, 16 / 14, 18 / 16, 20 / 18].map((ratio) =>
        ratio === null ? null : Math.log(ratio),
      ),
    );
  });

  it('leave ticks out of order out, as if they were not there', () => {
    const [first, second, third] = prices([10, 12, 14]) as [TickRow, TickRow, TickRow];
    const late = { symbol: 'A', eventTimeUs: T0 - SECOND, price: 1000 };
    const { ticks } = run([first, second, late, third]);
    expect(ticks.map(({ in_order, sma }) => [in_order, sma])).toEqual([
      [true, 10],
      [true, 11],
      [false, null],
      [true, 12],
    ]);
    expect(ticks[2]).toMatchObject({ verdict: 'accepted', log_return: null, volatility: null });
    expect(ticks[3]?.['log_return']).toBe(Math.log(14 / 12));
  });

  it('are null for refused ticks', () => {
    const trade = { symbol: 'A', eventTimeUs: T0, price: 1, tradeId: 'x' };
    expect(run([trade, trade]).ticks[1]).toMatchObject({
      verdict: 'duplicate',
      in_order: null,
      log_return: null,
      sma: null,
      volatility: null,
    });
  });

  it('take equal times for in order', () => {
    const ticks = [1, 2, 3].map((price) => ({ symbol: 'A', eventTimeUs: T0, price }));
    expect(run(ticks).ticks.map(({ in_order }) => in_order)).toEqual([true, true, true]);
  });
});

describe('numerics', () => {
  it('sees a deviation of 0.006 near 5,000,000', () => {
    const { ticks, windows } = run(prices([5_000_000.001, 5_000_000.011, 5_000_000.006, 5_000_000.014]));
    expect(ticks[3]?.['volatility']).toBeCloseTo(0.0057155, 7);
    expect(windows[0]?.['volatility']).toBeCloseTo(0.0057155, 7);
  });

  it.each([0.1, 101.37, 1e15, 1e-9])('gives exactly 0 for 20 equal prices of %d', (price) => {
    const { ticks, windows } = run(prices(Array<number>(20).fill(price)));
    expect(
      new Set(ticks.slice(1).map(({ sma, volatility }) => `${String(sma)} ${String(volatility)}`)),
    ).toEqual(new Set([`${price} 0`]));
    for (const window of windows) expect(window).toMatchObject({ ticks: 20, sma: price, volatility: 0 });
  });

  it('forgets a spike that left the rows, to the last bit', () => {
    const calm = [1.1, 1.2, 1.3, 1.4, 1.5];
    const last = (values: readonly number[]): Row => run(prices(values)).ticks.at(-1)!;
    const [spiked, never] = [last([1e15, ...calm]), last(calm)];
    expect([spiked['sma'], spiked['volatility']]).toEqual([never['sma'], never['volatility']]);
  });

  it('has finite returns between 1e15 and 1e-9, and between the ends of the doubles', () => {
    const returns = run(prices([1e15, 1e-9, 1e15, 5e-324])).ticks.map(({ log_return }) => log_return);
    expect(returns).toEqual([
      null,
      Math.log(1e-9 / 1e15),
      Math.log(1e15 / 1e-9),
      Math.log(5e-324) - Math.log(1e15),
    ]);
  });

  it('gives a window of one tick its price and no deviation', () => {
    const { windows } = run(prices([7]));
    expect(windows.map(({ ticks, sma, volatility }) => [ticks, sma, volatility])).toEqual([
      [1, 7, null],
      [1, 7, null],
    ]);
  });

  it('orders the ticks of a window by event time, then by arrival', () => {
    const at = (us: number, price: number): TickRow => ({ symbol: 'A', eventTimeUs: T0 + us, price });
    const arrived = [at(5, 9), at(4, 0.1), at(4, 0.7), at(5, 2), at(4, 0.3)];
    const inOrder = [at(4, 0.1), at(4, 0.7), at(4, 0.3), at(5, 9), at(5, 2)];
    expect(run(arrived).windows).toEqual(run(inOrder).windows);
  });

  it.each([
    ['the first instant of 1970', 0, [-30 * SECOND, 0]],
    ['a leap day at its end', Date.UTC(2024, 2, 1) * 1000 - 1, [T0, T0 + 30 * SECOND]],
    [
      'the end of 2254',
      Date.UTC(2255, 0, 1) * 1000 - 1,
      [-60, -30].map((s) => Date.UTC(2255, 0, 1) * 1000 + s * SECOND),
    ],
  ])('keeps its µs at %s', (_, eventTimeUs, starts) => {
    const { ticks, windows } = run([{ symbol: 'A', eventTimeUs, price: 1 }]);
    expect(ticks[0]).toMatchObject({ event_time: eventTimeUs, verdict: 'accepted' });
    expect(windows.map(({ window_start }) => window_start)).toEqual(starts);
    expect(windows.map(({ window_end }) => window_end)).toEqual(starts.map((start) => start + 60 * SECOND));
  });

  it('takes symbols of 1 and of 32 characters', () => {
    const symbols = ['X', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ.12345'];
    const { windows } = run(symbols.map((symbol) => ({ symbol, eventTimeUs: T0, price: 1 })));
    expect(new Set(windows.map(({ symbol }) => symbol))).toEqual(new Set(symbols));
  });
});
