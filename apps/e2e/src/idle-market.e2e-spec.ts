import { publicationDifferences, differencesFromLoops } from './checks/against-loops.js';
import { noDifferences } from './checks/against-sql.js';
import { inputTicks } from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { currentBars, currentWindows } from './checks/columns.js';
import { structuralProblems } from './checks/structure.js';
import { accepted, record } from './input/expected.js';
import { defaultSettings, Random } from '@engine/oracle';
import type { OracleSettings } from '@engine/oracle';
import { runBacklog, startUp, untilNoProcessNames } from './support/engine.js';
import { withLake } from './support/lake.js';
import { publish, readTopic, STOCK_TICKS } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const SECOND = 1_000_000;
const settings: OracleSettings = {
  ...defaultSettings,
  allowedLatenessUs: 2 * SECOND,
  maxFutureUs: SECOND,
  windowUs: 2 * SECOND,
  slideUs: SECOND,
  intervals: { '1s': SECOND, '2s': 2 * SECOND },
};
const environment = {
  FEED: 'none',
  ALLOWED_LATENESS_MS: '2000',
  MAX_FUTURE_MS: '1000',
  IDLE_MS: '500',
  WINDOW_MS: '2000',
  WINDOW_SLIDE_MS: '1000',
  BAR_INTERVALS: '1s,2s',
  SEGMENT_MAX_MS: '200',
};

let dataDir: string;
beforeEach(() => {
  dataDir = tempFolder('idle-market');
});
afterEach(() => {
  killAll(processesNaming(dataDir));
});
it('closes windows and bars when no tick comes any more, by markers that are in the log', async () => {
  const random = new Random(5);
  const input = Array.from({ length: 600 }, (_, at) => {
    const symbol = random.pick(['AAPL', 'MSFT', 'NVDA', 'TSLA']);
    const t = 1_700_000_000 * SECOND + at * 20_000 - (random.chance(0.2) ? random.integer(0, 2 * SECOND) : 0);
    const price = random.integer(900, 1_100) / 10;
    const text = JSON.stringify({ ticker: symbol, price, timestamp: t });
    return { partition: random.integer(0, 3), ...record(text, accepted({ symbol, t, price })) };
  });
  // One by one, so that the merge by record time is the order of the input, more or less.
  await publish(
    dataDir,
    input.map(({ partition, value }) => [{ partition, value }]),
  );
  const engine = await startUp(dataDir, ['--no-dashboard'], environment);
  const closed = await until('every accepted tick is in its two bars and two windows', async () => {
    if (engine.hasExited) throw new Error(engine.complaint);
    return withLake(dataDir, async ({ duck }) => {
      const counts = await duck.row(`SELECT
        (SELECT count(*) FROM silver_ticks) AS decided,
        (SELECT count(*) FROM silver_ticks WHERE verdict = 'accepted') AS accepted,
        (SELECT coalesce(sum(ticks), 0)::BIGINT FROM (${currentBars})) AS in_bars,
        (SELECT coalesce(sum(ticks), 0)::BIGINT FROM (${currentWindows})) AS in_windows`);
      const twice = 2 * Number(counts['accepted']);
      const isClosed = counts['in_bars'] === twice && counts['in_windows'] === twice;
      return counts['decided'] === input.length && isClosed && counts;
    });
  });
  expect(closed['accepted']).toBeGreaterThan(input.length / 2);
  expect((await engine.stop('SIGTERM')).code).toBe(0);
  await untilNoProcessNames(dataDir);

  const published = await readTopic(dataDir, STOCK_TICKS);
  const records = [0, 1, 2, 3].flatMap((partition) => {
    const stored = published.filter((one) => one.partition === partition);
    const sent = input.filter((one) => one.partition === partition);
    return sent.map((one, at): ExpectedRecord => ({ ...one, published: stored[at]! }));
  });
  const inputs = inputTicks(records, new Map());
  const markers = await withLake(dataDir, async (lake) => {
    expect(await structuralProblems(lake, settings)).toEqual([]);
    expect(await differencesFromLoops(lake, inputs, settings)).toEqual(noDifferences);
    expect(await publicationDifferences(lake, inputs, settings)).toEqual({
      windows: [],
      bars: [],
      metrics: [],
    });
    return lake.duck.row('SELECT count(*) AS n, count(DISTINCT lane) AS lanes FROM silver_markers');
  });
  expect(markers['n']).toBeGreaterThanOrEqual(Number(markers['lanes']));

  // Nothing is open any more: another run has nothing to close, and says nothing.
  await runBacklog(dataDir, environment);
  const after = await withLake(dataDir, ({ duck }) =>
    duck.row('SELECT count(*) AS n, count(DISTINCT lane) AS lanes FROM silver_markers'),
  );
  expect(after).toEqual(markers);
});
