import { Duck } from '../support/duck.js';
import type { RecordedTick, Row } from '@engine/oracle';
import { barsOf, decide, defaultSettings, differences, metricsOf, Random, windowsOf } from '@engine/oracle';
import { describeWithMarketData, marketData } from '../support/market-data.js';
import { createTicks, tick } from './oracle-input.js';
import { computeOracle } from './sql-oracle.js';

const SECOND = 1_000_000;
const T0 = 1_700_000_040 * SECOND; // 22:14:00

let duck: Duck;
beforeAll(async () => {
  duck = await Duck.open();
});
afterAll(() => {
  duck.close();
});

/** Worked by hand: 10 and 12 a second apart, 11 in the middle of them but after them, 9 four minutes before. */
const byHand = [
  tick({ t: T0, price: 10, size: 2, laneOffset: 1 }),
  tick({ t: T0 + 2 * SECOND, price: 12, size: 1, laneOffset: 2 }),
  tick({ t: T0 + SECOND, price: 11, laneOffset: 3 }),
  tick({ t: T0 - 240 * SECOND, price: 9, laneOffset: 4 }),
];

const byHandTicks: Row[] = [
  { lane_offset: 1, verdict: 'accepted', in_order: true, sma: 10, volatility: null, log_return: null },
  {
    lane_offset: 2,
    verdict: 'accepted',
    in_order: true,
    sma: 11,
    volatility: Math.SQRT2,
    log_return: Math.log(1.2),
  },
  { lane_offset: 3, verdict: 'accepted', in_order: false, sma: null, volatility: null, log_return: null },
  { lane_offset: 4, verdict: 'late', in_order: null, sma: null, volatility: null, log_return: null },
];
const tickColumns = {
  key: ['lane_offset'],
  exact: ['verdict', 'in_order'],
  close: ['sma', 'volatility', 'log_return'],
};

const minuteBar: Row = {
  symbol: 'AAPL',
  interval: '1m',
  start: T0,
  ticks: 3,
  open: 10,
  high: 12,
  low: 10,
  close: 12,
  volume: 3,
  vwap: 32 / 3,
  first_offset: 1,
  last_offset: 3,
};
const barColumns = {
  key: ['symbol', 'interval', 'start'],
  exact: ['ticks', 'open', 'high', 'low', 'close', 'first_offset', 'last_offset'],
  close: ['volume', 'vwap'],
};

const windowAt = (start: number): Row => ({
  symbol: 'AAPL',
  window_start: start,
  window_end: start + 60 * SECOND,
  ticks: 3,
  sma: 11,
  volatility: 1,
  first_offset: 1,
  last_offset: 3,
});
const windowColumns = {
  key: ['symbol', 'window_start'],
  exact: ['window_end', 'ticks', 'first_offset', 'last_offset'],
  close: ['sma', 'volatility'],
};

const metrics: Row = {
  symbol: 'AAPL',
  ticks: 3,
  last_price: 12,
  avg_sma: 10.5,
  avg_volatility: Math.SQRT2,
  volume: 3,
  vwap: 32 / 3,
  high: 12,
  low: 10,
  realized_volatility: Math.log(1.2),
  max_drawdown: 0,
};
const metricsColumns = {
  key: ['symbol'],
  exact: ['ticks', 'last_price', 'high', 'low'],
  close: ['avg_sma', 'avg_volatility', 'volume', 'vwap', 'realized_volatility', 'max_drawdown'],
};

describe('the oracle in SQL', () => {
  beforeAll(async () => {
    await createTicks(duck, byHand);
    await computeOracle(duck, defaultSettings);
  });

  it('gives verdicts and row features as worked by hand', async () => {
    expect(differences(await duck.rows('FROM oracle_ticks'), byHandTicks, tickColumns)).toEqual([]);
  });

  it('gives bars as worked by hand, one of each interval but three of a second', async () => {
    expect(
      await duck.rows('SELECT interval, count(*) AS bars FROM oracle_bars GROUP BY ALL ORDER BY ALL'),
    ).toEqual([
      { interval: '1d', bars: 1 },
      { interval: '1h', bars: 1 },
      { interval: '1m', bars: 1 },
      { interval: '1s', bars: 3 },
      { interval: '5m', bars: 1 },
    ]);
    const minutes = await duck.rows("FROM oracle_bars WHERE interval = '1m'");
    expect(differences(minutes, [minuteBar], barColumns)).toEqual([]);
  });

  it('gives windows as worked by hand', async () => {
    const expected = [windowAt(T0), windowAt(T0 - 30 * SECOND)];
    expect(differences(await duck.rows('FROM oracle_windows'), expected, windowColumns)).toEqual([]);
  });

  it('gives metrics as worked by hand', async () => {
    expect(differences(await duck.rows('FROM oracle_metrics'), [metrics], metricsColumns)).toEqual([]);
  });
});

describe('the oracle in loops', () => {
  const rows = (ticks: readonly RecordedTick[]) =>
    decide(ticks, defaultSettings).map((decided): Row => ({ ...decided, lane_offset: decided.laneOffset }));

  it('gives the figures as worked by hand', () => {
    const decided = decide(byHand, defaultSettings);
    expect(differences(rows(byHand), byHandTicks, tickColumns)).toEqual([]);
    const minutes = barsOf(decided, defaultSettings).filter(({ interval }) => interval === '1m');
    expect(differences(minutes, [minuteBar], barColumns)).toEqual([]);
    const expected = [windowAt(T0), windowAt(T0 - 30 * SECOND)];
    expect(differences(windowsOf(decided, defaultSettings), expected, windowColumns)).toEqual([]);
    expect(differences(metricsOf(decided), [metrics], metricsColumns)).toEqual([]);
  });

  it('tells the verdicts apart, the first that applies', () => {
    const verdicts = (...ticks: RecordedTick[]) =>
      decide(ticks, defaultSettings).map(({ verdict }) => verdict);
    const first = tick({ t: T0, price: 1, id: 'a' });
    expect(verdicts(first, tick({ t: T0 + 1, price: 2, id: 'a' }))).toEqual(['accepted', 'duplicate']);
    expect(verdicts(first, tick({ t: T0, price: 1, id: 'a', source: 'other' }))).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(verdicts(first, tick({ t: T0, price: 1, id: 'a', symbol: 'MSFT' }))).toEqual([
      'accepted',
      'accepted',
    ]);
    expect(verdicts(tick({ t: T0, price: 1 }), tick({ t: T0, price: 1 }))).toEqual(['accepted', 'accepted']);
    const edge = T0 - 120 * SECOND;
    expect(verdicts(first, tick({ t: edge, price: 1 }), tick({ t: edge - 1, price: 1, id: 'a' }))).toEqual([
      'accepted',
      'accepted',
      'late',
    ]);
    const ahead = tick({ t: T0, price: 1, id: 'a', recordTimeUs: T0 - 10 * SECOND - 1 });
    expect(verdicts(first, ahead)).toEqual(['accepted', 'future']);
    expect(verdicts({ ...ahead, recordTimeUs: T0 - 10 * SECOND })).toEqual(['accepted']);
  });

  it('forgets an id when its tick is older than the lateness', () => {
    const ticks = [
      tick({ t: T0, price: 1, id: 'a' }),
      tick({ t: T0 + 121 * SECOND, price: 1, id: 'b' }),
      tick({ t: T0 + 121 * SECOND, price: 1, id: 'a' }),
      tick({ t: T0 + 121 * SECOND, price: 1, id: 'b' }),
    ];
    expect(decide(ticks, defaultSettings).map(({ verdict }) => verdict)).toEqual([
      'accepted',
      'accepted',
      'accepted',
      'duplicate',
    ]);
  });
});

describe('both oracles', () => {
  it('say the same of 3,000 random ticks out of order over midnight', async () => {
    const random = new Random(7);
    const ticks = Array.from({ length: 3_000 }, (_, at) =>
      tick({
        symbol: random.pick(['AAPL', 'MSFT', 'TSLA']),
        t: 1_709_164_700 * SECOND + at * SECOND - (random.chance(0.3) ? random.integer(0, 150 * SECOND) : 0),
        price: random.integer(9_900, 10_100) / 100,
        size: random.chance(0.2) ? null : random.integer(0, 50),
        laneOffset: at,
      }),
    );
    await createTicks(duck, ticks);
    await computeOracle(duck, defaultSettings);
    const decided = decide(ticks, defaultSettings);
    const loops = decided.map((one): Row => ({ ...one, lane_offset: one.laneOffset }));
    expect(new Set(decided.map(({ verdict, in_order }) => `${verdict} ${String(in_order)}`)).size).toBe(3);
    expect(differences(await duck.rows('FROM oracle_ticks'), loops, tickColumns)).toEqual([]);
    expect(
      differences(await duck.rows('FROM oracle_bars'), barsOf(decided, defaultSettings), barColumns),
    ).toEqual([]);
    expect(
      differences(await duck.rows('FROM oracle_windows'), windowsOf(decided, defaultSettings), windowColumns),
    ).toEqual([]);
    expect(differences(await duck.rows('FROM oracle_metrics'), metricsOf(decided), metricsColumns)).toEqual(
      [],
    );
  });
});

describeWithMarketData('the oracle against what a PySpark pipeline printed', () => {
  const readTicks = (file: string) => `
    CREATE OR REPLACE TABLE ticks AS
    SELECT row_number() OVER () AS ord, ticker AS symbol, "timestamp" * 1000000 AS t, price, NULL::DOUBLE AS size, 0 AS lane_offset
    FROM read_csv('${marketData(file)}', header = true, types = {'timestamp': 'BIGINT', 'price': 'DOUBLE'})`;
  const readFigures = (file: string) => `
    SELECT ticker AS symbol, "SMA" AS sma, volatility, epoch_us(window_start) AS window_start
    FROM read_csv('${marketData(file)}', header = true, types = {'window_start': 'TIMESTAMPTZ', 'SMA': 'DOUBLE'})`;
  const figures = { key: ['symbol', 'window_start'], close: ['sma', 'volatility'] };

  it('has the same row features', async () => {
    await duck.run(readTicks('seed/golden_batch_in.csv'));
    await computeOracle(duck, defaultSettings);
    const ours = await duck.rows('SELECT symbol, t AS window_start, sma, volatility FROM oracle_ticks');
    expect(ours).toHaveLength(20);
    expect(differences(ours, await duck.rows(readFigures('seed/golden_batch_out.csv')), figures)).toEqual([]);
  });

  it('has the same averages per ticker once the first row, which has no volatility, is left out as there', async () => {
    const golden = marketData('seed/golden_batch_gold.csv');
    const spark = await duck.rows(
      `SELECT ticker AS symbol, "avg_SMA" AS avg_sma, avg_volatility FROM read_csv('${golden}')`,
    );
    const ours = await duck.rows(`
      SELECT symbol, avg(t.sma) FILTER (WHERE t.volatility IS NOT NULL) AS avg_sma, any_value(m.avg_volatility) AS avg_volatility
      FROM oracle_metrics m JOIN oracle_ticks t USING (symbol) GROUP BY symbol`);
    expect(differences(ours, spark, { key: ['symbol'], close: ['avg_sma', 'avg_volatility'] })).toEqual([]);
  });

  it('has the same windows, and the two that the other had not closed yet', async () => {
    await duck.run(readTicks('seed/golden_stream_in.csv'));
    await computeOracle(duck, defaultSettings);
    const spark = await duck.rows(readFigures('seed/golden_stream_out.csv'));
    const open = await duck.rows("SELECT * FROM oracle_windows WHERE symbol = 'MSFT' AND sma = 310");
    expect(open).toHaveLength(2);
    const ours = await duck.rows("SELECT * FROM oracle_windows WHERE NOT (symbol = 'MSFT' AND sma = 310)");
    expect(differences(ours, spark, figures)).toEqual([]);
  });
});
