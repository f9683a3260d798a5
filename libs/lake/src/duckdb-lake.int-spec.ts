import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silverTicks } from '@engine/medallion';
import { chainStoreContract } from './chain-store.contract.js';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeReader } from './lake-reader.js';

async function withLake(
  test: (lake: DuckDbLake, folder: string) => Promise<void>,
  limits: { memoryLimit?: string } = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder, ...limits });
    await test(lake, folder).finally(() => {
      lake.close();
    });
  });
}

async function query(folder: string, sql: string): Promise<unknown> {
  const reader = await LakeReader.open({ folder });
  return reader.query(sql).finally(() => {
    reader.close();
  });
}

const laneFiles = async (folder: string): Promise<string[]> =>
  (await readdir(join(folder, 'silver/ticks/lane=0'))).sort();

describe('DuckDbLake', () => {
  chainStoreContract((test) =>
    withLake(async (store, folder) => {
      const offsets = async (): Promise<readonly number[]> => {
        const rows = (await query(folder, 'SELECT lane_offset FROM silver_ticks')) as {
          lane_offset: number;
        }[];
        return rows.map((row) => row.lane_offset);
      };
      await test({ store, offsets });
    }),
  );

  it('names a segment after its first offset and leaves nothing else', () =>
    withLake(async (lake, folder) => {
      const chain = await lake.open(silverTicks, 0);
      await chain.publish(draft(3, ticks(0, 3)));
      await chain.publish(draft(4, ticks(3, 1)));
      expect(await laneFiles(folder)).toEqual([
        '00000000000000000000.parquet',
        '00000000000000000003.parquet',
        '_tmp',
      ]);
      expect(await readdir(join(folder, 'silver/ticks/lane=0/_tmp'))).toEqual([]);
    }));

  it('publishes many small batches and more rows than a chunk, a dictionary or a row group holds', () =>
    withLake(async (lake, folder) => {
      const chain = await lake.open(silverTicks, 0);
      const batches = [ticks(0, 1), ticks(1, 2047), ticks(2048, 1), ticks(2049, 40_000)];
      await chain.publish(draft(42_049, ...batches));
      expect(
        await query(
          folder,
          `SELECT count(*) AS n, bool_and(lane_offset = i) AS ordered, bool_and(price = 100 + i / 4) AS priced,
             bool_and(symbol = 'SYM' || i % 7) AS named, bool_and(trade_id = 't' || i) AS identified,
             count(side) AS sides
           FROM (SELECT *, row_number() OVER () - 1 AS i FROM silver_ticks)`,
        ),
      ).toEqual([{ n: 42_049, ordered: true, priced: true, named: true, identified: true, sides: 21_025 }]);
    }));

  it('publishes what exceeds its memory limit', () =>
    withLake(
      async (lake, folder) => {
        const chain = await lake.open(silverTicks, 0);
        await chain.publish(draft(120_000, ticks(0, 120_000)));
        expect(await query(folder, 'SELECT sum(lane_offset) AS sum FROM silver_ticks')).toEqual([
          { sum: (119_999 * 120_000) / 2 },
        ]);
        lake.close();
        expect(await readdir(join(folder, '_tmp'))).toEqual([]);
      },
      { memoryLimit: '24MB' },
    ));

  it('publishes several chains at once', () =>
    withLake(async (lake, folder) => {
      const lanes = [0, 1, 2, 3, 4, 5];
      const chains = await Promise.all(lanes.map((lane) => lake.open(silverTicks, lane)));
      for (const next of [10, 20, 30])
        await Promise.all(chains.map((chain) => chain.publish(draft(next, ticks(next - 10, 10)))));
      expect(
        await query(
          folder,
          'SELECT lane, count(*) AS n, sum(lane_offset) AS sum FROM silver_ticks GROUP BY lane ORDER BY lane',
        ),
      ).toEqual(lanes.map((lane) => ({ lane, n: 30, sum: 435 })));
    }));

  it('removes what a killed process left an hour ago, and nothing younger', () =>
    withLake(async (lake, folder) => {
      await lake.open(silverTicks, 0);
      const temporary = join(folder, 'silver/ticks/lane=0/_tmp');
      const [old, young] = [join(temporary, 'old'), join(temporary, 'young')];
      await writeFile(old, '');
      await writeFile(young, '');
      const twoHoursAgo = new Date(Date.now() - 7_200_000);
      await utimes(old, twoHoursAgo, twoHoursAgo);
      await lake.open(silverTicks, 0);
      expect(await readdir(temporary)).toEqual(['young']);
    }));

  it('writes a layer into the folder of its generation', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, '_generations.json'), '{"silver":"silver.g2"}');
      const lake = await DuckDbLake.open({ folder });
      await (await lake.open(silverTicks, 0)).publish(draft(3, ticks(0, 3)));
      const backfill = await DuckDbLake.open({ folder, generations: { silver: 'silver.g3' } });
      expect((await backfill.open(silverTicks, 0)).end).toBe(0);
      lake.close();
      backfill.close();
      expect((await readdir(folder)).filter((name) => !name.startsWith('_')).sort()).toEqual([
        'silver.g2',
        'silver.g3',
      ]);
      expect(await query(folder, 'SELECT count(*) AS n FROM silver_ticks')).toEqual([{ n: 3 }]);
    }));
});
