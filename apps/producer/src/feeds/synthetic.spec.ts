import { companyOf } from './companies.js';
import type { SyntheticSettings, SyntheticTick } from './synthetic.js';
import { SyntheticMarket } from './synthetic.js';

const SIX = ['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA'];
const SECONDS_PER_TRADING_YEAR = 252 * 6.5 * 3600;
const settings = (more: Partial<SyntheticSettings> = {}): SyntheticSettings => ({
  symbols: SIX,
  rate: 50,
  seed: 1,
  ...more,
});

function ticks(n: number, more: Partial<SyntheticSettings> = {}): SyntheticTick[] {
  const market = new SyntheticMarket(settings(more));
  return Array.from({ length: n }, () => market.next());
}

/** Per symbol the log returns from minute to minute, each minute standing for so many rows. */
function minuteReturns(rows: readonly SyntheticTick[], rowsPerMinute: number): Map<string, number[]> {
  const returns = new Map<string, number[]>();
  const before = new Map<string, number>();
  for (let end = rowsPerMinute; end <= rows.length; end += rowsPerMinute) {
    const close = new Map(rows.slice(end - rowsPerMinute, end).map(({ symbol, price }) => [symbol, price]));
    for (const [symbol, price] of close) {
      const last = before.get(symbol);
      if (last !== undefined) returns.set(symbol, [...(returns.get(symbol) ?? []), Math.log(price / last)]);
      before.set(symbol, price);
    }
  }
  return returns;
}

function covariance(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  return a.reduce((sum, x, i) => sum + (x - ma) * (b[i]! - mb), 0) / (a.length - 1);
}
const deviation = (values: readonly number[]): number => Math.sqrt(covariance(values, values));

describe('SyntheticMarket', () => {
  it('gives the same rows for the same settings, others for another seed, rate or list of symbols', () => {
    const rows = ticks(1000);
    expect(ticks(1000)).toEqual(rows);
    expect(ticks(1000, { seed: 2 })).not.toEqual(rows);
    expect(ticks(1000, { rate: 51 })).not.toEqual(rows);
    expect(ticks(1000, { symbols: [...SIX].reverse() })).not.toEqual(rows);
  });

  it('keeps to the figures it gave in the past: a log that was begun can be gone on with', () => {
    const rows = ticks(1000);
    expect([rows[0], rows[999]]).toEqual([
      { row: 0, id: 1027442076549120, symbol: 'MSFT', price: 332.9, size: 100, side: 'buy' },
      { row: 999, id: 1027442076550119, symbol: 'GOOGL', price: 135.75, size: 600, side: 'sell' },
    ]);
  });

  it('numbers rows and ids without a gap, and shares no id with a feed of other settings', () => {
    const rows = ticks(1000);
    expect(rows.map(({ row }) => row)).toEqual([...Array(1000).keys()]);
    expect(rows.map(({ id }) => id - rows[0]!.id)).toEqual([...Array(1000).keys()]);
    expect(Number.isSafeInteger(rows[0]!.id + 2 ** 32)).toBe(true);
    const others = new Set(ticks(1000, { seed: 2 }).map(({ id }) => id));
    expect(rows.filter(({ id }) => others.has(id))).toEqual([]);
  });

  it('has prices of whole cents above 0, whole sizes above 0, both sides', () => {
    const rows = ticks(20_000);
    expect(rows.filter(({ price }) => price <= 0 || Math.round(price * 100) / 100 !== price)).toEqual([]);
    expect(rows.filter(({ size }) => size <= 0 || !Number.isInteger(size))).toEqual([]);
    const buys = rows.filter(({ side }) => side === 'buy').length / rows.length;
    expect(buys).toBeGreaterThan(0.4);
    expect(buys).toBeLessThan(0.6);
  });

  it('trades round lots often, and sizes of a wide range', () => {
    const sizes = ticks(20_000).map(({ size }) => size);
    const roundLots = sizes.filter((size) => size % 100 === 0).length / sizes.length;
    expect(roundLots).toBeGreaterThan(0.4);
    expect(roundLots).toBeLessThan(0.7);
    expect(Math.max(...sizes)).toBeGreaterThan(1000);
    expect(Math.min(...sizes)).toBeLessThan(10);
  });

  it.each([
    { rate: 5, minutes: 780 },
    { rate: 20, minutes: 390 },
  ])('has the annual volatility of each symbol at $rate rows a second', ({ rate, minutes }) => {
    const returns = minuteReturns(ticks(rate * 60 * minutes, { rate }), rate * 60);
    for (const symbol of SIX) {
      const annual = deviation(returns.get(symbol)!) * Math.sqrt(SECONDS_PER_TRADING_YEAR / 60);
      expect(annual / companyOf(symbol).volatility).toBeGreaterThan(0.85);
      expect(annual / companyOf(symbol).volatility).toBeLessThan(1.15);
      expect(annual).toBeGreaterThan(0.2);
      expect(annual).toBeLessThan(0.65);
    }
  });

  it('moves all symbols with the market: their returns are correlated, none of them wholly', () => {
    const returns = minuteReturns(ticks(5 * 60 * 780, { rate: 5 }), 5 * 60);
    for (const [i, a] of SIX.entries())
      for (const b of SIX.slice(i + 1)) {
        const [x, y] = [returns.get(a)!, returns.get(b)!];
        const correlation = covariance(x, y) / deviation(x) / deviation(y);
        expect(correlation).toBeGreaterThan(0.15);
        expect(correlation).toBeLessThan(0.8);
      }
  });

  it('makes up any other symbol, the same one each time', () => {
    for (const symbol of ['IBM', 'BTC-USD', '^GSPC', 'constructor', 'x']) {
      const { price, volatility, beta } = companyOf(symbol);
      expect(companyOf(symbol)).toEqual({ symbol, price, volatility, beta });
      expect(price).toBeGreaterThanOrEqual(10);
      expect(price).toBeLessThanOrEqual(500);
      expect(volatility).toBeGreaterThanOrEqual(0.2);
      expect(volatility).toBeLessThanOrEqual(0.6);
      expect(beta * 0.16).toBeLessThan(volatility);
    }
    expect(companyOf('IBM').price).not.toBe(companyOf('HAL').price);
    expect(ticks(10, { symbols: ['IBM'] }).every(({ symbol }) => symbol === 'IBM')).toBe(true);
  });

  it('stays within 0.01 and a million, however long and slow', () => {
    const market = new SyntheticMarket(settings({ symbols: ['TSLA'], rate: 1e-9 }));
    const prices = Array.from({ length: 50_000 }, () => market.next().price);
    expect([Math.min(...prices), Math.max(...prices)]).toEqual([0.01, 1_000_000]);
  });
});
