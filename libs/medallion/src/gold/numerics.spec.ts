import { addToMean, emptyMean, meanOf } from './running-mean.js';
import { addTo, emptySum, totalOf } from './sum.js';
import type { Row, TickRow } from './testing.js';
import { DAY, GoldLane, goldSettings, tick } from './testing.js';

const MANY = 300_000;

/** The 1d bar and the metrics of A after these ticks. */
function figuresOf(ticks: readonly TickRow[]): { bar: Row; metrics: Row } {
  const gold = new GoldLane(goldSettings('1d', 0));
  for (let from = 0; from < ticks.length; from += 10_000) gold.ticks(...ticks.slice(from, from + 10_000));
  gold.marker(86_400);
  return { bar: gold.bars[0]!, metrics: gold.metrics[0]! };
}

function repeated(n: number, value: (at: number) => TickRow): TickRow[] {
  return Array.from({ length: n }, (_, at) => value(at));
}

describe('sums', () => {
  it('keep small terms beside big ones, in either order', () => {
    for (const big of [0, MANY]) {
      const sum = emptySum();
      for (let at = 0; at <= MANY; at++) addTo(sum, at === big ? 1e15 : 1e-3);
      expect(totalOf(sum)).toBe(1e15 + MANY * 1e-3);
    }
  });

  it('come back to zero', () => {
    const sum = emptySum();
    for (const term of [1e15, 0.1, 1e-9, -1e15, -0.1]) addTo(sum, term);
    expect(totalOf(sum)).toBeCloseTo(1e-9, 15);
  });
});

describe('running means', () => {
  it('of equal values are exactly that value', () => {
    for (const value of [0.1, 1e15 / 3, 1e-9, 5_000_000.006]) {
      const mean = emptyMean();
      for (let n = 0; n < 1000; n++) addToMean(mean, value);
      expect(meanOf(mean)).toBe(value);
    }
  });

  it('keep the digits behind a high price level', () => {
    const mean = emptyMean();
    for (let n = 0; n < MANY; n++) addToMean(mean, 5_000_000 + (n % 2) * 2 ** -20);
    expect(meanOf(mean)).toBe(5_000_000 + 2 ** -21);
  });
});

describe('bars and metrics', () => {
  it.each([1e15, 1e-9, 0.1, 5_000_000.006])(
    'of equal prices of %d have no range and no volatility',
    (price) => {
      const { bar, metrics } = figuresOf(repeated(20, (at) => tick('A', at, price, 0.1 * (at + 1))));
      expect(bar).toMatchObject({ open: price, high: price, low: price, close: price, vwap: price });
      expect(metrics).toMatchObject({
        vwap: price,
        realized_volatility: 0,
        max_drawdown: 0,
        last_price: price,
      });
    },
  );

  it('keep a volume of many small sizes beside a big one', () => {
    const ticks = repeated(MANY, (at) => tick('A', 1, 2, at === 0 ? 1e15 : 1e-3));
    const { bar, metrics } = figuresOf(ticks);
    expect([bar['volume'], metrics['volume']]).toEqual([1e15 + 300, 1e15 + 300]);
  });

  it('keep a turnover of many small trades beside a big one', () => {
    const ticks = repeated(MANY, (at) => tick('A', 1, at === 0 ? 1 : 2, at === 0 ? 1e15 : 1e-3));
    const { bar, metrics } = figuresOf(ticks);
    const vwap = (1e15 + 600) / (1e15 + 300);
    expect([bar['vwap'], metrics['vwap']]).toEqual([vwap, vwap]);
  });

  it('keep a vwap of prices at both ends of what is possible', () => {
    const { bar, metrics } = figuresOf([tick('A', 1, 1e15, 1e-9), tick('A', 2, 1e-9, 1e15)]);
    const vwap = 2e6 / 1e15;
    expect(Number(bar['vwap']) / vwap).toBeCloseTo(1, 12);
    expect(metrics['vwap']).toBe(bar['vwap']);
  });

  it('are finite after a spike, which leaves nothing behind in the bars after it', () => {
    const gold = new GoldLane(goldSettings('1s', 0));
    gold.ticks(tick('A', 1, 100.1, 3), tick('A', 1.5, 1e15, 1e15), tick('A', 2, 100.1, 3)).marker(3);
    expect(gold.bars).toMatchObject([{ high: 100.1, low: 100.1, volume: 3, vwap: 100.1 }]);
    expect(Number.isFinite(gold.metrics[0]!['realized_volatility'])).toBe(true);
  });

  it('know the last instant there is', () => {
    const last = Date.UTC(2255, 0, 1) * 1000 - 1;
    const gold = new GoldLane(goldSettings('1d', 0)).ticks({ symbol: 'A', eventTimeUs: last, price: 1 });
    gold.marker((last + 1) / 1e6);
    expect(gold.bars).toMatchObject([{ start: last + 1 - DAY, closed_at: last + 1 }]);
  });
});
