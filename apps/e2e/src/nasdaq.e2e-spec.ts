import { resolve } from 'node:path';
import { differencesFromSql, noDifferences } from './checks/against-sql.js';
import { currentMetrics } from './checks/columns.js';
import { structuralProblems } from './checks/structure.js';
import { NASDAQ_FILE, NASDAQ_TICKS as TICKS, readNasdaqFile } from './input/nasdaq-file.js';
import { DAY_US, defaultSettings, differences } from '@engine/oracle';
import { runEngine, runFile, untilNoProcessNames } from './support/engine.js';
import type { EngineExit } from './support/engine.js';
import { Lake } from './support/lake.js';
import { lakeTableNames } from './support/lake-tables.js';
import { describeWithMarketData, marketData } from './support/market-data.js';
import { repositoryRoot } from './support/repository.js';
import { tempFolder } from './support/temp-folder.js';

describeWithMarketData('an hour of the NASDAQ', () => {
  let exit: EngineExit;
  let dataDir: string;
  let lake: Lake;

  beforeAll(async () => {
    dataDir = tempFolder('nasdaq');
    const file = marketData(NASDAQ_FILE);
    exit = await runFile(dataDir, file);
    lake = await Lake.open(dataDir);
    await lake.duck.run(readNasdaqFile(file));
  });
  afterAll(async () => {
    lake.close();
    await untilNoProcessNames(dataDir);
  });

  it('runs to the end, exits with 0 and tells the ledger', () => {
    expect(exit.code).toBe(0);
    expect(exit.stdout.replaceAll(',', '')).toContain(String(TICKS));
  });

  it('no-row-lost, no-row-twice: bronze holds exactly the ticks of the file, per symbol in order', async () => {
    const bronze = await lake.duck.rows(`
      SELECT symbol, event_time AS t, price, size,
        row_number() OVER (PARTITION BY symbol ORDER BY record_offset, record_index) AS place
      FROM bronze_events WHERE verdict = 'accepted'`);
    const input = await lake.duck.rows(
      'SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY ord) AS place FROM input',
    );
    expect(input).toHaveLength(TICKS);
    expect(differences(bronze, input, { key: ['symbol', 'place'], exact: ['t', 'price', 'size'] })).toEqual(
      [],
    );
    expect(await lake.duck.row('SELECT count(*) AS n FROM bronze_events')).toEqual({ n: TICKS });
  });

  it('chain-contiguous, ledger-balanced', async () => {
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
  });

  it('has every verdict, feature, window, bar and metric that SQL finds in the file', async () => {
    expect(await differencesFromSql(lake, defaultSettings)).toEqual(noDifferences);
    const sizes = ['ticks', 'windows', 'bars', 'metrics'].map(
      (name) => `(SELECT count(*) FROM oracle_${name}) AS ${name}`,
    );
    const counts = await lake.duck.row<Record<string, number>>(`SELECT ${sizes.join(', ')}`);
    expect(counts).toMatchObject({ ticks: TICKS, metrics: 9 });
    expect(counts['windows']).toBeGreaterThan(900);
    expect(counts['bars']).toBeGreaterThan(5_000);
  });

  it('says exactly 0 where the prices are equal', async () => {
    const flat = `min(price) OVER recent = max(price) OVER recent AND count(*) OVER recent > 1`;
    const { wrong, right } = await lake.duck.row<{ wrong: number; right: number }>(`
      SELECT count(*) FILTER (WHERE flat AND volatility <> 0) AS wrong, count(*) FILTER (WHERE flat) AS right FROM (
        SELECT volatility, ${flat} AS flat FROM silver_ticks
        WINDOW recent AS (PARTITION BY symbol ORDER BY lane_offset, lane_index ROWS BETWEEN 4 PRECEDING AND CURRENT ROW))`);
    expect(right).toBeGreaterThan(0);
    expect(wrong).toBe(0);
  });

  it('closes the day by one last marker a lane, which the metrics are of', async () => {
    const end = 1_693_958_400_000_000 + defaultSettings.allowedLatenessUs;
    expect(end % DAY_US).toBe(defaultSettings.allowedLatenessUs);
    const metrics = await lake.duck.rows(`SELECT DISTINCT as_of FROM (${currentMetrics})`);
    expect(metrics).toEqual([{ as_of: end }]);
  });

  it.each(lakeTableNames)('engine files %s prints the files of the walk', async (table) => {
    const { code, stdout } = await runEngine(['files', table, '--data', dataDir]);
    expect(code).toBe(0);
    const printed = stdout.split('\n').filter((line) => line.endsWith('.parquet'));
    expect(printed.map((file) => resolve(repositoryRoot, file)).sort()).toEqual(
      lake
        .segments(table)
        .map(({ file }) => file)
        .sort(),
    );
  });

  it('engine sql counts what is there', async () => {
    const sql = 'SELECT verdict, count(*) AS n FROM silver_ticks GROUP BY verdict';
    const { code, stdout } = await runEngine(['sql', sql, '--format', 'json', '--data', dataDir]);
    expect(code).toBe(0);
    const [row] = JSON.parse(stdout) as { verdict: string; n: number | string }[];
    expect([row?.verdict, Number(row?.n)]).toEqual(['accepted', TICKS]);
  });
});
