import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silverTicks } from '@engine/medallion';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeReader } from './lake-reader.js';
import type { LakeReaderOptions } from './lake-reader.js';
import { UserSqlError } from './user-select.js';

async function withLake(
  test: (reader: LakeReader, lake: string, outside: string) => Promise<void>,
  options: Partial<LakeReaderOptions> = {},
): Promise<void> {
  await withFolder(async (outside) => {
    const folder = join(outside, 'lake');
    const lake = await DuckDbLake.open({ folder });
    await (await lake.open(silverTicks, 0)).publish(draft(3, ticks(0, 3)));
    lake.close();
    await writeFile(join(outside, 'secret.csv'), 'secret\n1\n');
    const reader = await LakeReader.open({ folder, ...options });
    await test(reader, folder, outside).finally(() => {
      reader.close();
    });
  });
}

describe('a user’s SELECT', () => {
  it.each([
    'SELECT count(*) FROM silver_ticks',
    'FROM silver_ticks;',
    '  -- how many?\nWITH t AS (SELECT * FROM silver_ticks) SELECT * FROM t',
    'VALUES (1), (2)',
    'DESCRIBE silver_ticks',
    'SUMMARIZE silver_ticks',
    'SELECT * FROM gold_bars_current',
    "PIVOT silver_ticks ON symbol IN ('SYM0', 'SYM1') USING count(*)",
  ])('may be %s', (sql) =>
    withLake(async (reader) => {
      const result = await reader.runUserSelect(sql);
      expect(result.columns.length).toBeGreaterThan(0);
      await result.rows();
    }),
  );

  it.each([
    ['', 'no statement'],
    ['-- nothing', 'no statement'],
    ['SELECT 1; SELECT 2', 'Exactly one statement'],
    ['SELEC 1', 'syntax error'],
    ['SELECT nothing FROM silver_ticks', 'nothing'],
    ['SELECT $1', 'Parameters'],
    ['CREATE TABLE t (a INTEGER)', 'Only SELECT is allowed'],
    ['DROP VIEW silver_ticks', 'Only SELECT is allowed'],
    ['INSERT INTO silver_ticks VALUES (1)', 'Only SELECT is allowed'],
    ['UPDATE silver_ticks SET price = 1', 'Only SELECT is allowed'],
    ['DELETE FROM silver_ticks', 'Only SELECT is allowed'],
    ["ATTACH ':memory:' AS other", 'Only SELECT is allowed'],
    ['SET threads = 4', 'Only SELECT is allowed'],
    ['PRAGMA enable_profiling', 'Only SELECT is allowed'],
    ['CALL pragma_version()', 'Only SELECT is allowed'],
    ['EXPLAIN ANALYZE SELECT 1', 'Only SELECT is allowed'],
    ['PIVOT silver_ticks ON symbol USING count(*)', 'A PIVOT needs'],
    ['LOAD httpfs', 'Only SELECT is allowed'],
    ['INSTALL httpfs', 'Only SELECT is allowed'],
    ["INSTALL x FROM 'https://example.invalid'", 'Only SELECT is allowed'],
    ['BEGIN', 'Only SELECT is allowed'],
    ['CHECKPOINT', 'Only SELECT is allowed'],
    ['VACUUM', 'Only SELECT is allowed'],
    ['USE memory', 'Only SELECT is allowed'],
    ['RESET threads', 'Only SELECT is allowed'],
    ['DETACH memory', 'Only SELECT is allowed'],
    ["IMPORT DATABASE 'x'", 'Only SELECT is allowed'],
    ["CREATE SECRET (TYPE s3, KEY_ID 'k')", 'Only SELECT is allowed'],
    ["CREATE OR REPLACE MACRO lower(x) AS 'gone'", 'Only SELECT is allowed'],
    ['CREATE OR REPLACE VIEW silver_ticks AS SELECT 1', 'Only SELECT is allowed'],
    ['PREPARE p AS SELECT 1', 'Only SELECT is allowed'],
    ['SELECT 1; DROP VIEW silver_ticks', 'Only SELECT is allowed'],
    ['SELECT 1;;SELECT 2', 'Exactly one statement'],
    ["SELECT 1 -- ;\n; COPY silver_ticks TO 'x.csv'", 'Only SELECT is allowed'],
    ["SELECT * FROM read_text('/etc/passwd')", 'disabled by configuration'],
    ["SELECT * FROM read_blob('/etc/passwd')", 'disabled by configuration'],
    ["SELECT * FROM read_json('/proc/self/environ')", ''],
    ["SELECT * FROM sniff_csv('/etc/passwd')", 'disabled by configuration'],
    ["SELECT * FROM parquet_metadata('/etc/passwd')", 'disabled by configuration'],
    ["SELECT * FROM read_text('file:///etc/passwd')", ''],
    ["SELECT * FROM read_parquet('s3://bucket/x.parquet')", ''],
    ["SELECT getenv('HOME')", 'getenv'],
    ["SELECT * FROM read_csv('/etc/passwd')", 'disabled by configuration'],
    ["SELECT * FROM '/etc/passwd'", ''],
    ["SELECT * FROM glob('/*')", 'disabled by configuration'],
    ["SELECT * FROM read_csv('https://example.invalid/x.csv')", ''],
  ])('may not be %s', (sql, message) =>
    withLake(async (reader) => {
      const refusal = reader.runUserSelect(sql);
      await expect(refusal).rejects.toThrow(UserSqlError);
      await expect(refusal).rejects.toThrow(message);
    }),
  );

  it('reaches nothing outside the lake, by no way round', () =>
    withLake(async (reader, lake, outside) => {
      await symlink(join(outside, 'secret.csv'), join(lake, 'link.csv'));
      const ways = [join(outside, 'secret.csv'), `${lake}/../secret.csv`, `${lake}/link.csv`, `${lake}.csv`];
      for (const path of ways)
        await expect(reader.runUserSelect(`SELECT * FROM read_csv('${path}')`)).rejects.toThrow(/disabled/);
    }));

  it('writes nothing, not even into the lake', () =>
    withLake(async (reader, lake) => {
      const before = await readdir(lake);
      for (const sql of [
        `COPY (SELECT 1) TO '${lake}/out.csv'`,
        `EXPORT DATABASE '${lake}/out'`,
        `ATTACH '${lake}/out.db'`,
        `SELECT * FROM query('COPY (SELECT 1) TO ''${lake}/out.csv''')`,
      ])
        await expect(reader.runUserSelect(sql)).rejects.toThrow(UserSqlError);
      expect(await readdir(lake)).toEqual(before);
    }));

  it.each([
    ['computes for ever', 'SELECT count(*) FROM range(1000000000000) a, range(1000000) b'],
    ['yields for ever', 'SELECT * FROM range(1000000000000)'],
    ['recurs for ever', 'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t'],
  ])('is stopped when it %s, and the next one runs', (_, sql) =>
    withLake(
      async (reader) => {
        const endless = reader.runUserSelect(sql).then(async (result) => {
          for await (const chunk of result.chunks()) expect(chunk.length).toBeGreaterThan(0);
        });
        await expect(endless).rejects.toThrow('The query was stopped after 0.2 s');
        expect(await (await reader.runUserSelect('SELECT count(*) FROM silver_ticks')).rows()).toEqual([[3]]);
      },
      { timeoutMs: 200, connections: 1 },
    ),
  );

  it('is refused when too many wait, not kept waiting', () =>
    withLake(
      async (reader) => {
        const running = reader.runUserSelect('SELECT count(*) FROM range(1000000000000) a, range(1000000) b');
        const waiting = reader.runUserSelect('SELECT 1');
        await expect(reader.runUserSelect('SELECT 1')).rejects.toThrow('try again in a moment');
        await expect(running).rejects.toThrow('stopped');
        expect(await (await waiting).rows()).toEqual([[1]]);
      },
      { timeoutMs: 200, connections: 1, maxWaiting: 1 },
    ));

  it('gives values that JSON can carry', () =>
    withLake(async (reader) => {
      const result = await reader.runUserSelect(`SELECT
        9007199254740991::BIGINT AS safe, 9007199254740993::BIGINT AS big, sum(1::BIGINT) AS huge,
        TIMESTAMPTZ '2024-02-29 12:00:00.000001+00' AS at, TIMESTAMPTZ '1969-12-31 23:59:59.999999+00' AS early,
        'infinity'::TIMESTAMPTZ AS never, DATE '2024-02-29' AS day, 1.25::DECIMAL(4,2) AS price,
        12345678901234567.25::DECIMAL(19,2) AS exact, 'NaN'::DOUBLE AS nan, [1, NULL] AS list, {'a': 1::BIGINT} AS pair,
        MAP {'k': true} AS map, NULL AS nothing`);
      expect(await result.objects()).toEqual([
        {
          safe: 9_007_199_254_740_991,
          big: '9007199254740993',
          huge: 1,
          at: '2024-02-29T12:00:00.000001Z',
          early: '1969-12-31T23:59:59.999999Z',
          never: 'infinity',
          day: '2024-02-29',
          price: 1.25,
          exact: '12345678901234567.25',
          nan: 'NaN',
          list: [1, null],
          pair: { a: 1 },
          map: [{ key: 'k', value: true }],
          nothing: null,
        },
      ]);
    }));

  it('tells two columns of one name apart', () =>
    withLake(async (reader) => {
      const result = await reader.runUserSelect('SELECT 1 AS a, 2 AS a');
      expect(Object.values((await result.objects())[0] ?? {})).toEqual([1, 2]);
    }));
});
