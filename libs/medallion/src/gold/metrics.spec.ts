import type { Row, TickRow } from './testing.js';
import { DAY, GoldLane, goldSettings, SECOND, tick } from './testing.js';

const lane = (intervals = '1m', lateness = 0): GoldLane => new GoldLane(goldSettings(intervals, lateness));

/** The metrics of the only symbol, at a marker far ahead. */
function metricsOf(...ticks: TickRow[]): Row {
  const gold = lane('1h', 30 * 3600).ticks(...ticks);
  return gold.marker(8e9).metrics[0]!;
}

describe('metrics', () => {
  it('come when a 1m bar closes, as of its end, with all that is known by then', () => {
    const gold = lane('1s,1m,1h', 10).ticks(tick('A', 1, 10, 1), tick('A', 61, 20, 1), tick('B', 62, 5));
    expect(gold.ticks(tick('A', 69, 30, 1)).metrics).toEqual([]);
    expect(gold.ticks(tick('B', 70, 6)).metrics).toEqual([
      {
        symbol: 'A',
        as_of: 60 * SECOND,
        ticks: 3,
        last_price: 30,
        avg_sma: null,
        avg_volatility: null,
        vwap: 20,
        volume: 3,
        high: 30,
        low: 10,
        realized_volatility: Math.sqrt(Math.log(20 / 10) ** 2 + Math.log(30 / 20) ** 2),
        max_drawdown: 0,
      },
    ]);
  });

  it('follow their bar in the emission, with its coordinate', () => {
    const gold = lane('1m,30s')
      .ticks(tick('A', 1, 10), tick('B', 2, 20))
      .ticks(tick('C', 59, 1), tick('C', 60, 1));
    const told = gold.output.emitted.map((update) =>
      [update.type, update.symbol, update.type === 'bar' ? update.interval : update.as_of / SECOND].join(' '),
    );
    expect(told).toEqual([
      'bar A 30s',
      'bar B 30s',
      'bar A 1m',
      'metrics A 60',
      'bar B 1m',
      'metrics B 60',
      'bar C 1m',
      'metrics C 60',
      'bar C 30s',
    ]);
    const coordinates = gold.output.emitted.map(
      ({ lane_offset, lane_index }) => `${lane_offset}.${lane_index}`,
    );
    expect(coordinates).toEqual(['1.0', '1.0', ...Array<string>(7).fill('1.1')]);
    const row = gold.metrics[0];
    expect(gold.output.emitted[3]).toEqual({ type: 'metrics', lane_offset: 1, lane_index: 1, ...row });
  });

  it('do not come when a 1m bar is corrected', () => {
    const gold = lane('1m', 120)
      .ticks(tick('A', 90, 5))
      .ticks(tick('B', 240, 1))
      .ticks(tick('A', 100, 6));
    gold.ticks(tick('B', 255, 1));
    expect([gold.bars.length, gold.metrics.length]).toEqual([1, 0]);
  });

  it('come for every symbol at a marker, as of the marker, behind the closed bars; not at one that is not above the last', () => {
    const gold = lane('1m', 120)
      .ticks(tick('A', 1, 10))
      .ticks(tick('B', 90, 20), tick('C', 100, 30));
    expect(gold.marker(50).metrics.map(({ symbol, as_of }) => [symbol, as_of])).toEqual([
      ['A', 50 * SECOND],
      ['B', 50 * SECOND],
      ['C', 50 * SECOND],
    ]);
    expect([gold.marker(50).metrics, gold.marker(49).metrics]).toEqual([[], []]);
    gold.marker(180);
    expect(gold.output.emitted.map(({ type, symbol }) => `${type} ${symbol}`)).toEqual([
      'bar A',
      'metrics A',
      'metrics A',
      'metrics B',
      'metrics C',
    ]);
    expect(gold.metrics.map(({ as_of }) => Number(as_of) / SECOND)).toEqual([60, 180, 180, 180]);
  });

  it('come at markers only when there are no bars of a minute', () => {
    const gold = lane('1s,1h')
      .ticks(tick('A', 1, 10))
      .ticks(tick('A', 86_400, 10));
    expect([gold.bars.length, gold.metrics.length]).toEqual([2, 0]);
    expect(gold.marker(86_401).metrics).toHaveLength(1);
  });

  it('take the average of what silver knew of the ticks in order, from the first on', () => {
    const with_ = (second: number, sma: number, volatility: number | null): TickRow => ({
      ...tick('A', second, 1),
      sma,
      volatility,
    });
    const row = metricsOf(
      with_(1, 10, null),
      with_(200_000, 20, 3),
      with_(199_999, 1000, 1000),
      with_(200_001, 60, 5),
    );
    expect(row).toMatchObject({ ticks: 4, avg_sma: 30, avg_volatility: 4 });
    expect(metricsOf(with_(1, 10, null))).toMatchObject({ avg_sma: 10, avg_volatility: null });
  });

  it('count ticks out of order in ticks, volume, vwap, high and low only', () => {
    const row = metricsOf(
      tick('A', 10, 100, 1),
      tick('A', 20, 110, 1),
      tick('A', 15, 500, 2),
      tick('A', 5, 1, 4),
    );
    expect(row).toMatchObject({
      ticks: 4,
      last_price: 110,
      volume: 8,
      vwap: (100 + 110 + 1000 + 4) / 8,
      high: 500,
      low: 1,
      realized_volatility: Math.abs(Math.log(110 / 100)),
      max_drawdown: 0,
    });
  });

  it('know the deepest fall from a peak', () => {
    const prices = [100, 120, 90, 110, 150, 130];
    expect(metricsOf(...prices.map((price, at) => tick('A', at, price)))).toMatchObject({
      max_drawdown: 90 / 120 - 1,
    });
  });

  it('are null until they are defined', () => {
    expect(metricsOf(tick('A', 1, 10))).toMatchObject({
      volume: null,
      vwap: null,
      realized_volatility: null,
      max_drawdown: 0,
      high: 10,
      low: 10,
    });
    expect(metricsOf(tick('A', 1, 10, 0))).toMatchObject({ volume: 0, vwap: null });
  });
});

describe('the day of the metrics', () => {
  const day = DAY / SECOND;

  it('begins anew with the first tick of a new UTC day, whose return began the day before and does not count', () => {
    const yesterday = [tick('A', day - 2, 1000, 5), tick('A', day - 1, 1, 5)];
    expect(metricsOf(...yesterday, tick('A', day, 100, 1))).toMatchObject({
      ticks: 3,
      volume: 1,
      vwap: 100,
      high: 100,
      low: 100,
      realized_volatility: null,
      max_drawdown: 0,
    });
    expect(metricsOf(...yesterday, tick('A', day, 100), tick('A', day + 1, 50))).toMatchObject({
      realized_volatility: Math.abs(Math.log(0.5)),
      max_drawdown: -0.5,
      last_price: 50,
    });
  });

  it('has no tick of the day before in it that comes out of order', () => {
    const row = metricsOf(tick('A', day + 1, 100, 1), tick('A', day - 1, 1, 7), tick('A', day, 90, 2));
    expect(row).toMatchObject({ ticks: 3, volume: 3, low: 90, high: 100, last_price: 100 });
  });

  it('stays when only the lane moves on to the next', () => {
    const gold = lane('1h')
      .ticks(tick('A', 1, 10, 3))
      .ticks(tick('B', day, 1))
      .marker(3 * day);
    expect(gold.metrics).toMatchObject([{ symbol: 'A', volume: 3, high: 10 }, { symbol: 'B' }]);
  });
});
