import { readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldBars, silverTicks, TableBuilder, tables } from '@engine/medallion';
import type { TableBatch } from '@engine/medallion';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeReader } from './lake-reader.js';
import { segmentName } from './segment-names.js';
import { viewName, viewNames } from './views.js';

interface Setting {
  readonly folder: string;
  readonly lake: DuckDbLake;
  readonly reader: LakeReader;
}

async function withReader(test: (setting: Setting) => Promise<void>, name = ''): Promise<void> {
  await withFolder(async (parent) => {
    const folder = join(parent, name);
    const lake = await DuckDbLake.open({ folder });
    const reader = await LakeReader.open({ folder });
    await test({ folder, lake, reader }).finally(() => {
      reader.close();
      lake.close();
    });
  });
}

async function publish(lake: DuckDbLake, lane: number, next: number): Promise<void> {
  const chain = await lake.open(silverTicks, lane);
  await chain.publish(draft(next, ticks(chain.end, next - chain.end)));
}

function bars(
  rows: readonly (readonly [symbol: string, start: number, revision: number, close: number])[],
): TableBatch {
  const builder = new TableBuilder(goldBars);
  for (const [symbol, start, revision, close] of rows) {
    const { columns } = builder;
    columns.symbol.push(symbol);
    columns.interval.push('1m');
    columns.start.push(start);
    columns.revision.push(revision);
    for (const name of ['open', 'high', 'low', 'volume', 'vwap'] as const) columns[name].push(null);
    columns.close.push(close);
    columns.ticks.push(1);
    columns.first_offset.push(0);
    columns.last_offset.push(0);
    columns.closed_at.push(start);
  }
  return builder.take();
}

const count = async (reader: LakeReader): Promise<unknown> =>
  (await reader.query('SELECT count(*) AS n FROM silver_ticks'))[0]?.['n'];

describe('LakeReader', () => {
  it('shows an empty lake: every view with its columns and no rows', () =>
    withReader(async ({ reader }) => {
      for (const { name, columns } of tables) {
        const result = await reader.stream(`SELECT * FROM ${viewName(name)}`);
        expect(result.columns).toEqual([
          ...Object.entries(columns).map(([column, type]) => ({
            name: column,
            type: type === 'TIMESTAMP' ? 'TIMESTAMP WITH TIME ZONE' : type,
          })),
          { name: 'lane', type: 'INTEGER' },
        ]);
        expect(await result.rows()).toEqual([]);
        expect([reader.lanes(name), reader.files(name)]).toEqual([[], []]);
      }
      expect(await reader.query('SELECT * FROM gold_bars_current')).toEqual([]);
      expect(viewNames).toEqual([...tables.map(({ name }) => viewName(name)), 'gold_bars_current']);
    }));

  it('gives a view the same columns with rows as without', () =>
    withReader(async ({ lake, reader }) => {
      const before = await reader.stream('FROM silver_ticks');
      await before.close();
      await publish(lake, 3, 2);
      await reader.refresh();
      const after = await reader.stream('FROM silver_ticks');
      expect(after.columns).toEqual(before.columns);
      expect((await after.rows()).map((row) => row.at(-1))).toEqual([3, 3]);
    }));

  it('knows lanes, files, ends and last footers', () =>
    withReader(async ({ folder, lake, reader }) => {
      await publish(lake, 10, 4);
      await publish(lake, 2, 3);
      await publish(lake, 2, 5);
      await lake.open(silverTicks, 1);
      await reader.refresh();
      const path = (lane: number, first: number): string =>
        join(folder, `silver/ticks/lane=${lane}`, segmentName(first));
      expect(reader.lanes('silver/ticks')).toEqual([1, 2, 10]);
      expect(reader.files('silver/ticks')).toEqual([path(2, 0), path(2, 3), path(10, 0)]);
      expect([...reader.chainEnds('silver/ticks')]).toEqual([
        [1, 0],
        [2, 5],
        [10, 4],
      ]);
      expect(
        [...reader.lastFooters('silver/ticks')].map(([lane, { first, next }]) => [lane, first, next]),
      ).toEqual([
        [2, 3, 5],
        [10, 0, 4],
      ]);
      expect(() => reader.files('silver/nothing')).toThrow(RangeError);
    }));

  it('sees new segments after a refresh, and not before', () =>
    withReader(async ({ lake, reader }) => {
      await publish(lake, 0, 5);
      expect(await count(reader)).toBe(0);
      await reader.refresh();
      expect(await count(reader)).toBe(5);
      await publish(lake, 0, 8);
      await reader.refresh();
      expect(await count(reader)).toBe(8);
    }));

  it('leaves out what lies beyond a hole, and names it', () =>
    withReader(async ({ folder, lake, reader }) => {
      for (const next of [2, 4, 6]) await publish(lake, 0, next);
      await rm(join(folder, 'silver/ticks/lane=0', segmentName(2)));
      await reader.refresh();
      expect(await count(reader)).toBe(2);
      const { end, beyond } = await reader.walk('silver/ticks', 0);
      expect([end, beyond]).toEqual([2, [join(folder, 'silver/ticks/lane=0', segmentName(4))]]);
    }));

  it('lists again when a file has vanished since', () =>
    withReader(async ({ folder, lake, reader }) => {
      await publish(lake, 0, 2);
      await publish(lake, 1, 2);
      await reader.refresh();
      await rm(join(folder, 'silver/ticks/lane=1', segmentName(0)));
      expect(await count(reader)).toBe(2);
      expect((await (await reader.runUserSelect('SELECT lane FROM silver_ticks')).rows()).length).toBe(2);
    }));

  it('names a segment that cannot be read', () =>
    withReader(async ({ folder, lake, reader }) => {
      await publish(lake, 0, 2);
      const path = join(folder, 'silver/ticks/lane=0', segmentName(2));
      await writeFile(path, 'PAR1 torn');
      await expect(reader.refresh()).rejects.toMatchObject({ name: 'ChainDamagedError', file: path });
      await expect(lake.open(silverTicks, 0)).rejects.toThrow(`${path} is damaged`);
      expect(await count(reader)).toBe(0);
    }));

  it('says once what is wrong with a footer', () =>
    withReader(async ({ folder, lake, reader }) => {
      const chain = await lake.open(silverTicks, 0);
      await chain.publish({ ...draft(2, ticks(0, 2)), watermark: 0.5 });
      const path = join(folder, 'silver/ticks/lane=0', segmentName(0));
      await expect(reader.refresh()).rejects.toThrow(
        new RegExp(`^${path} is damaged: its footer's watermark is 0.5. Restore it from a backup;[^;]*$`),
      );
    }));

  it('does not mind a broken file that is not on the walk', () =>
    withReader(async ({ folder, lake, reader }) => {
      await publish(lake, 0, 2);
      await writeFile(join(folder, 'silver/ticks/lane=0', segmentName(1)), 'PAR1 torn');
      await reader.refresh();
      expect(await count(reader)).toBe(2);
    }));

  it('reads files written before a column was added', () =>
    withReader(async ({ lake, reader }) => {
      const columns = Object.fromEntries(Object.entries(silverTicks.columns).slice(0, -1));
      const old = { name: silverTicks.name, columns };
      const batch = ticks(0, 2);
      const chain = await lake.open(old, 0);
      await chain.publish(draft(2, { schema: old, rows: 2, columns: batch.columns.slice(0, -1) }));
      await publish(lake, 0, 3);
      await reader.refresh();
      expect(
        await reader.query(
          'SELECT lane_offset AS o, record_time IS NULL AS old FROM silver_ticks ORDER BY o',
        ),
      ).toEqual([
        { o: 0, old: true },
        { o: 1, old: true },
        { o: 2, old: false },
      ]);
    }));

  it('takes the highest revision for the current bar', () =>
    withReader(async ({ lake, reader }) => {
      const chain = await lake.open(goldBars, 0);
      await chain.publish(
        draft(
          1,
          bars([
            ['A', 0, 0, 1],
            ['A', 60_000_000, 0, 2],
            ['B', 0, 0, 3],
          ]),
        ),
      );
      await chain.publish(
        draft(
          2,
          bars([
            ['A', 0, 1, 4],
            ['A', 0, 2, 5],
          ]),
        ),
      );
      await reader.refresh();
      expect(
        await reader.query(
          'SELECT symbol, epoch_us("start") AS t, revision, close FROM gold_bars_current ORDER BY symbol, t',
        ),
      ).toEqual([
        { symbol: 'A', t: 0, revision: 2, close: 5 },
        { symbol: 'A', t: 60_000_000, revision: 0, close: 2 },
        { symbol: 'B', t: 0, revision: 0, close: 3 },
      ]);
    }));

  it('follows a layer to its new generation', () =>
    withReader(async ({ folder, lake, reader }) => {
      await publish(lake, 0, 2);
      const backfill = await DuckDbLake.open({ folder, generations: { silver: 'silver.g2' } });
      await publish(backfill, 0, 7);
      backfill.close();
      await reader.refresh();
      expect(await count(reader)).toBe(2);
      await writeFile(join(folder, '_generations.new'), '{"silver":"silver.g2"}');
      await rename(join(folder, '_generations.new'), join(folder, '_generations.json'));
      await reader.refresh();
      expect(await count(reader)).toBe(7);
    }));

  it('binds parameters as what they are', () =>
    withReader(async ({ reader }) => {
      expect(
        await reader.query(
          'SELECT typeof($1) AS i, typeof($2) AS d, typeof($3) AS t, typeof($4) AS b, $5 IS NULL AS n, $1 AS v',
          [Number.MAX_SAFE_INTEGER, 0.5, 'x', true, null],
        ),
      ).toEqual([
        { i: 'BIGINT', d: 'DOUBLE', t: 'VARCHAR', b: 'BOOLEAN', n: true, v: Number.MAX_SAFE_INTEGER },
      ]);
    }));

  it('runs more queries at once than it has connections', () =>
    withReader(async ({ reader }) => {
      const queries = Array.from({ length: 9 }, (_, i) => reader.query('SELECT $1 AS i', [i]));
      expect(await Promise.all(queries)).toEqual(queries.map((_, i) => [{ i }]));
    }));

  it('gives connections back after errors and results not read to their end', () =>
    withReader(async ({ reader }) => {
      for (let time = 0; time < 3; time++) {
        await expect(reader.query('SELECT nonsense')).rejects.toThrow('nonsense');
        await expect(reader.query("SELECT error('late') FROM range(3)")).rejects.toThrow('late');
        await (await reader.stream('FROM range(100000)')).close();
        for await (const chunk of (await reader.stream('FROM range(100000)')).chunks()) {
          expect(chunk[0]).toEqual([0]);
          break;
        }
      }
      expect(await reader.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    }));

  it('reads a lake whose folder looks like a pattern or a partition', () =>
    withReader(async ({ lake, reader }) => {
      await publish(lake, 0, 2);
      await reader.refresh();
      expect(await count(reader)).toBe(2);
      expect(await reader.contentOf(reader.files('silver/ticks'))).toBe(
        reader.lastFooters('silver/ticks').get(0)?.content,
      );
    }, "run=3 [a]*? it's"));

  it('reads a lake through a symbolic link', () =>
    withReader(async ({ folder, lake }) => {
      await publish(lake, 0, 2);
      await withFolder(async (elsewhere) => {
        await symlink(folder, join(elsewhere, 'linked'));
        const linked = await LakeReader.open({ folder: join(elsewhere, 'linked') });
        expect(await count(linked)).toBe(2);
        linked.close();
      });
    }));

  it('writes nothing into the lake', () =>
    withReader(async ({ folder, reader }) => {
      await reader.query('SELECT * FROM range(10000) ORDER BY random()');
      expect(await readdir(folder)).toEqual(['_tmp']);
    }));
});
