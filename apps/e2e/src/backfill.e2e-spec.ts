import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, Random } from '@engine/oracle';
import { chainContents } from './checks/chain-contents.js';
import { currentBars, currentMetrics, currentWindows } from './checks/columns.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { NASDAQ_FILE, NASDAQ_TICKS } from './input/nasdaq-file.js';
import { writeOrderlyFile } from './input/orderly-feed.js';
import { EngineProcess, runEngine, runFile } from './support/engine.js';
import { literal } from './support/duck.js';
import { Lake, withLake } from './support/lake.js';
import { describeWithMarketData, marketData } from './support/market-data.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

/** Exit 0, or what it said. */
async function succeed(command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runEngine(command);
  if (code !== 0) throw new Error(`engine ${command.join(' ')}: ${String(code)}\n${stdout}${stderr}`);
  return stdout;
}

/** Parquet files of generations that nobody reads yet. */
function begun(lakeDir: string): number {
  const folders = readdirSync(lakeDir).filter((name) => name.includes('.g'));
  const files = folders.flatMap((name) => readdirSync(join(lakeDir, name), { recursive: true }).map(String));
  return files.filter((name) => name.endsWith('.parquet') && !name.includes('_tmp')).length;
}

describe('engine backfill', () => {
  let dataDir: string;
  let lakeDir: string;
  let before: Lake;

  beforeAll(async () => {
    dataDir = tempFolder('backfill');
    lakeDir = join(dataDir, 'lake');
    const file = join(tempFolder('input'), 'messy.ndjson');
    const lines = new MessyFeed(new Random(5)).records(8_000).map(({ value }) => `${value.toString()}\n`);
    writeFileSync(file, lines.join(''));
    await runFile(dataDir, file);
    before = await Lake.open(dataDir);
  });
  afterAll(() => {
    before.close();
  });

  it('says who runs the engine there, and does nothing', async () => {
    const holder = { pid: process.pid, started: '', address: 'http://127.0.0.1:4321' };
    const lock = join(dataDir, 'engine.lock');
    writeFileSync(lock, JSON.stringify(holder));
    const { code, stderr } = await runEngine(['backfill', '--layer', 'gold', '--data', dataDir]);
    writeFileSync(lock, JSON.stringify({ ...holder, pid: 2 ** 22 + 1 }));
    expect(code).toBe(78);
    expect(stderr).toContain(`in use by another engine (pid ${process.pid}, http://127.0.0.1:4321)`);
    expect(begun(lakeDir)).toBe(0);
  });

  it('killed in the middle of it changes nothing that is read; run again it ends with what was stored', async () => {
    const command = ['backfill', '--layer', 'silver', '--threads', '1', '--data', dataDir];
    for (const files of [1, 6]) {
      const backfill = EngineProcess.start(command);
      await until(`${files} files are there`, () => begun(lakeDir) >= files || backfill.hasExited);
      await backfill.stop('SIGKILL');
      expect(existsSync(join(lakeDir, '_generations.json'))).toBe(false);
    }
    await succeed(command);
    expect(JSON.parse(readFileSync(join(lakeDir, '_generations.json'), 'utf8'))).toEqual({ silver: 'silver.g2', gold: 'gold.g2' }); // prettier-ignore
    await withLake(dataDir, async (lake) => {
      expect(lake.segments('gold/bars').every(({ file }) => file.includes('/gold.g2/'))).toBe(true);
      expect(chainContents(lake)).toEqual(chainContents(before));
      expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
    });
    const listed = await succeed(['files', 'silver/ticks', '--data', dataDir]);
    expect(listed).toContain('/silver.g2/ticks/');
  });

  it('leaves a reader that began before with its files, until they are pruned', async () => {
    const files = before.segments('gold/bars').map(({ file }) => literal(file));
    const count = `SELECT count(*) AS n FROM read_parquet([${files.join(', ')}])`;
    const { n } = await before.duck.row<{ n: number }>('SELECT count(*) AS n FROM gold_bars');
    expect(await before.duck.row(count)).toEqual({ n });
    expect(n).toBeGreaterThan(100);
    const removed = await succeed(['backfill', '--prune', '--data', dataDir]);
    expect(removed).toContain(join(lakeDir, 'silver'));
    expect(readdirSync(lakeDir).filter((name) => !name.startsWith('_')).sort()).toEqual(['bronze', 'gold.g2', 'silver.g2']); // prettier-ignore
    expect(readdirSync(join(lakeDir, '_state')).sort()).toEqual(['gold.g2', 'silver.g2']);
    await expect(before.duck.row(count)).rejects.toThrow(/No files found|No such file/);
  });

  it('is gone on with, and verified', async () => {
    const more = join(tempFolder('input'), 'more.ndjson');
    writeOrderlyFile(more, 2_000);
    await runFile(dataDir, more);
    expect(await succeed(['verify', '--data', dataDir])).toContain('The lake holds');
    await withLake(dataDir, async (lake) => {
      expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
      expect(
        (await lake.duck.row<{ n: number }>('SELECT count(*) AS n FROM silver_ticks')).n,
      ).toBeGreaterThan(9_000);
    });
  });
});

describeWithMarketData('a day and two copies of it, loaded in the wrong order', () => {
  const days = ['05', '06', '07'];

  /** Files are read in the order of their names. */
  async function load(name: string, order: readonly string[]): Promise<string> {
    const folder = join(tempFolder('input'), name);
    mkdirSync(folder);
    const text = readFileSync(marketData(NASDAQ_FILE), 'utf8');
    for (const [at, day] of order.entries())
      writeFileSync(join(folder, `${at}.csv`), text.replaceAll('"2023-09-05T', `"2023-09-${day}T`));
    const dataDir = tempFolder(name);
    await runFile(dataDir, folder);
    return dataDir;
  }

  /** All that may be compared of lakes from two logs. The feed gives ids by the rows of its files. */
  const figures = (dataDir: string): Promise<unknown> =>
    withLake(dataDir, async ({ duck }) => ({
      ticks: await duck.rows(
        `SELECT symbol, event_time, price, size, side, source, verdict, in_order, log_return, sma, volatility
         FROM silver_ticks ORDER BY symbol, lane_offset, lane_index`,
      ),
      windows: await duck.rows(
        `SELECT * EXCLUDE (lane, ordinal, revision, first_offset, last_offset) FROM (${currentWindows})
         ORDER BY symbol, window_start`,
      ),
      bars: await duck.rows(
        `SELECT * EXCLUDE (lane, ordinal, revision, first_offset, last_offset, closed_at) FROM (${currentBars})
         ORDER BY symbol, "interval", "start"`,
      ),
      metrics: await duck.rows(`SELECT * EXCLUDE (lane, ordinal) FROM (${currentMetrics}) ORDER BY symbol`),
    }));

  it('equal, by event time, what they are when they are loaded in order', async () => {
    const wrong = await load('wrong', days.toReversed());
    const accepted = "SELECT count(*) AS n FROM silver_ticks WHERE verdict = 'accepted'";
    expect(await withLake(wrong, ({ duck }) => duck.row(accepted))).toEqual({ n: NASDAQ_TICKS });
    await succeed(['backfill', '--layer', 'silver', '--order', 'event-time', '--data', wrong]);
    expect(await withLake(wrong, ({ duck }) => duck.row(accepted))).toEqual({ n: 3 * NASDAQ_TICKS });
    expect(await succeed(['verify', '--data', wrong])).toContain('The lake holds');
    const right = await load('right', days);
    expect(await figures(wrong)).toEqual(await figures(right));
  });
});
