import { differencesFromLoops } from './checks/against-loops.js';
import { noDifferences } from './checks/against-sql.js';
import { bronzeTicks, bronzeVerdicts, expectedTicks, expectedVerdicts, inputTicks } from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { currentMetrics, currentWindows } from './checks/columns.js';
import { structuralProblems } from './checks/structure.js';
import { accepted, record } from './input/expected.js';
import type { InputRecord } from './input/expected.js';
import { defaultSettings, differences, Random } from '@engine/oracle';
import { Duck, literal } from './support/duck.js';
import { runBacklog, untilNoProcessNames } from './support/engine.js';
import { Lake, withLake } from './support/lake.js';
import { publish, readTopic, STOCK_TICKS } from './support/log.js';
import type { Outgoing } from './support/log.js';
import { describeWithMarketData, marketData } from './support/market-data.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const NOTHING_GIVEN = new Map<string, null>();

/** A message as the PySpark pipeline's producer writes them. */
function message(symbol: string, price: number, seconds: number): InputRecord {
  const text = JSON.stringify({ ticker: symbol, price, timestamp: seconds, source: 'yfinance' });
  return record(text, accepted({ symbol, price, t: seconds * 1_000_000, source: 'yfinance' }));
}

describe('messages without keys and ids, a ticker spread over all partitions', () => {
  const random = new Random(3);
  const input = Array.from({ length: 4_000 }, (_, at) => {
    const symbol = random.pick(['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA']);
    return {
      partition: random.integer(0, 3),
      ...message(symbol, random.integer(9_000, 11_000) / 100, 1_700_000_000 + at),
    };
  });
  let dataDir: string;
  let records: ExpectedRecord[];
  let lake: Lake;

  beforeAll(async () => {
    dataDir = tempFolder('unkeyed');
    await publish(dataDir, inSendsOf(5, input));
    const published = await readTopic(dataDir, STOCK_TICKS);
    records = [0, 1, 2, 3].flatMap((partition) => {
      const sent = input.filter((one) => one.partition === partition);
      const stored = published.filter((one) => one.partition === partition);
      return sent.map((one, at): ExpectedRecord => ({ ...one, published: stored[at]! }));
    });
    await runBacklog(dataDir);
    lake = await Lake.open(dataDir);
  });
  afterAll(async () => {
    lake.close();
    await untilNoProcessNames(dataDir);
  });

  it('holds each of them once in bronze, as it was', async () => {
    expect(records.filter(({ value, published }) => !published.value?.equals(value))).toEqual([]);
    const bronze = await lake.duck.rows('FROM bronze_events');
    expect(differences(bronze, expectedVerdicts(records), bronzeVerdicts)).toEqual([]);
    expect(differences(bronze, expectedTicks(records, NOTHING_GIVEN), bronzeTicks)).toEqual([]);
  });

  it('ledger-balanced, chain-contiguous', async () => {
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
  });

  it('has every verdict, feature, window, bar and metric that loops find in silver’s order', async () => {
    const inputs = inputTicks(records, NOTHING_GIVEN);
    expect(await differencesFromLoops(lake, inputs, defaultSettings)).toEqual(noDifferences);
    expect(await lake.duck.rows('SELECT verdict, count(*) AS n FROM silver_ticks GROUP BY verdict')).toEqual([
      { verdict: 'accepted', n: input.length },
    ]);
  });

  it('merged the backlog of the partitions by record time', async () => {
    const swapped = await lake.duck.rows(`
      WITH decided AS (
        SELECT silver_ticks.*, bronze_events.record_time
        FROM silver_ticks JOIN bronze_events ON origin_partition = bronze_events.lane AND origin_offset = record_offset)
      SELECT lane, lane_offset, lane_index FROM decided
      QUALIFY (record_time, origin_partition, origin_offset) < lag((record_time, origin_partition, origin_offset)) OVER (
        PARTITION BY lane ORDER BY lane_offset, lane_index)
      LIMIT 3`);
    expect(swapped).toEqual([]);
  });
});

describeWithMarketData('messages that a PySpark pipeline was given', () => {
  let duck: Duck;
  beforeAll(async () => {
    duck = await Duck.open();
  });
  afterAll(() => {
    duck.close();
  });

  /** Publishes the file's messages one by one, each to another partition and at another time, and runs over them. */
  async function runGolden(file: string): Promise<string> {
    const rows = await duck.rows<{ ticker: string; price: number; timestamp: number }>(
      `FROM read_csv(${literal(marketData(file))}, types = {'timestamp': 'BIGINT', 'price': 'DOUBLE'})`,
    );
    const dataDir = tempFolder('golden');
    for (const [at, { ticker, price, timestamp }] of rows.entries()) {
      const { value } = message(ticker, price, timestamp);
      await publish(dataDir, [[{ partition: at % 4, value }]]);
      const now = Date.now();
      await until('the clock has moved', () => Date.now() > now);
    }
    await runBacklog(dataDir);
    return dataDir;
  }

  const golden = (file: string): Promise<object[]> =>
    duck.rows(`
      SELECT * EXCLUDE (window_start, window_end), epoch_us(window_start) AS window_start, epoch_us(window_end) AS window_end
      FROM (SELECT ticker AS symbol, "SMA" AS sma, volatility, window_start, window_end FROM
        read_csv(${literal(marketData(file))}, types = {
          'SMA': 'DOUBLE', 'volatility': 'DOUBLE', 'window_start': 'TIMESTAMPTZ', 'window_end': 'TIMESTAMPTZ'}))`);

  it('get the row features that Spark printed in batch mode', async () => {
    const dataDir = await runGolden('seed/golden_batch_in.csv');
    const spark = (await golden('seed/golden_batch_out.csv')) as Record<string, number>[];
    await withLake(dataDir, async (lake) => {
      const ours = await lake.duck.rows(
        'SELECT symbol, event_time AS window_start, sma, volatility FROM silver_ticks',
      );
      expect(spark).toHaveLength(20);
      expect(
        differences(ours, spark, { key: ['symbol', 'window_start'], close: ['sma', 'volatility'] }),
      ).toEqual([]);
    });
    const averages = await duck.rows(
      `SELECT ticker AS symbol, avg_volatility FROM read_csv(${literal(marketData('seed/golden_batch_gold.csv'))})`,
    );
    await withLake(dataDir, async (lake) => {
      const ours = await lake.duck.rows(currentMetrics);
      expect(differences(ours, averages, { key: ['symbol'], close: ['avg_volatility'] })).toEqual([]);
    });
  });

  it('get the windows that Spark printed in stream mode, and those it had not closed', async () => {
    const dataDir = await runGolden('seed/golden_stream_in.csv');
    const spark = (await golden('seed/golden_stream_out.csv')) as Record<string, number>[];
    await withLake(dataDir, async (lake) => {
      const windows = await lake.duck.rows(currentWindows);
      const open = windows.filter(({ symbol, sma }) => symbol === 'MSFT' && sma === 310);
      expect(open).toHaveLength(2);
      const closed = windows.filter((window) => !open.includes(window));
      const figures = {
        key: ['symbol', 'window_start'],
        exact: ['window_end'],
        close: ['sma', 'volatility'],
      };
      expect(differences(closed, spark, figures)).toEqual([]);
      expect(
        await lake.duck.rows(
          "SELECT price, verdict FROM silver_ticks WHERE verdict <> 'accepted' ORDER BY price",
        ),
      ).toEqual([
        { price: 150.22, verdict: 'late' },
        { price: 999, verdict: 'late' },
      ]);
    });
  });
});

function inSendsOf(size: number, all: readonly Outgoing[]): Outgoing[][] {
  const sends: Outgoing[][] = [];
  for (let from = 0; from < all.length; from += size)
    sends.push(all.slice(from, from + size).map(({ partition, value }) => ({ partition, value })));
  return sends;
}
