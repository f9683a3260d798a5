import { laneOf } from '@engine/oracle';
import { runBacklog, runEngine, runUntilIdle } from './support/engine.js';
import type { Environment } from './support/engine.js';
import { withLake } from './support/lake.js';
import { publish } from './support/log.js';
import { tempFolder } from './support/temp-folder.js';

const T = 1_700_000_000;
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Publishes (symbol, price, seconds) one after the other and tells what silver said of each. */
async function verdicts(
  ticks: readonly (readonly [string, number, number])[],
  env: Environment,
): Promise<string[]> {
  const dataDir = tempFolder('settings');
  const messages = ticks.map(([ticker, price, timestamp]) => JSON.stringify({ ticker, price, timestamp }));
  await publish(
    dataDir,
    messages.map((value) => [{ partition: 0, value }]),
  );
  await runBacklog(dataDir, env);
  return withLake(dataDir, async ({ duck }) => {
    const rows = await duck.rows<{ verdict: string }>(
      'SELECT verdict FROM silver_ticks ORDER BY origin_offset',
    );
    return rows.map(({ verdict }) => verdict);
  });
}

it('MAX_SYMBOLS: refuses a new symbol while the lane is full, and lets those go that were silent for a day', async () => {
  const candidates = Array.from({ length: 60 }, (_, at) => `S${at}`);
  const [a = '', b = '', c = ''] = candidates.filter((symbol) => laneOf(symbol, 4) === 1);
  const ticks = [
    [a, 10, T],
    [b, 10, T],
    [c, 10, T],
    [a, 11, T + 1],
    [a, 12, T + DAY - 1],
    [c, 10, T + DAY - 1],
    [a, 12, T + DAY + HOUR],
    [c, 10, T + DAY + HOUR],
    [b, 10, T + DAY + HOUR],
  ] as const;
  expect(await verdicts(ticks, { MAX_SYMBOLS: '2' })).toEqual([
    ...['accepted', 'accepted', 'too_many_symbols', 'accepted', 'accepted', 'too_many_symbols'],
    ...['accepted', 'accepted', 'too_many_symbols'],
  ]);
});

it('DEDUP_WITHOUT_ID: content is identity only where it is asked for', async () => {
  const ticks = [
    ['AAPL', 10, T],
    ['AAPL', 10, T],
    ['AAPL', 11, T],
    ['MSFT', 10, T],
  ] as const;
  expect(await verdicts(ticks, {})).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  expect(await verdicts(ticks, { DEDUP_WITHOUT_ID: 'content' })).toEqual([
    'accepted',
    'duplicate',
    'accepted',
    'accepted',
  ]);
});

it('says all that is wrong with the configuration at once, and exits with 78', async () => {
  const env = { SILVER_ROWS: 'many', MAX_FUTURE_MS: '999999999', BAR_INTERVALS: '7m', FEED: 'none' };
  const { code, stdout, stderr } = await runEngine(
    ['up', '--data', tempFolder('wrong'), '--until-idle', '--no-dashboard'],
    env,
  );
  expect(code).toBe(78);
  for (const name of ['SILVER_ROWS', 'MAX_FUTURE_MS', 'BAR_INTERVALS'])
    expect(stdout + stderr).toContain(name);
});

it('LANES: another number than the log has is refused', async () => {
  const dataDir = tempFolder('lanes');
  await runUntilIdle(dataDir, [], { FEED: 'none', LANES: '2' });
  const { code, stdout, stderr } = await runEngine(
    ['up', '--data', dataDir, '--until-idle', '--no-dashboard'],
    {
      FEED: 'none',
      LANES: '3',
    },
  );
  expect(code).toBe(78);
  expect(stdout + stderr).toMatch(/bronze-ticks has 2 partitions, 3/);
});
