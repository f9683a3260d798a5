import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { silverTicks } from '@engine/medallion';
import type { UpkeepRules } from './chain-upkeep.js';
import { addContents } from './content.js';
import { DuckDbLake } from './duckdb-lake.js';
import { openDuckDb } from './duckdb.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeReader } from './lake-reader.js';
import { LakeUpkeep } from './lake-upkeep.js';
import { NodeLakeFiles } from './node-lake-files.js';
import { DuckDbMerger, MergeDiffersError } from './segment-merger.js';
import { compactedName, floorName, segmentName } from './segment-names.js';

const eager = { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 };
const compacting: UpkeepRules = { compaction: eager, retentionMs: null, graceMs: 1e9 };

interface Setting {
  readonly folder: string;
  readonly lane: string;
  readonly lake: DuckDbLake;
  readonly tend: (rules?: Partial<UpkeepRules>) => ReturnType<LakeUpkeep['tend']>;
}

async function withLake(test: (setting: Setting) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    const tend: Setting['tend'] = async (rules) => {
      const upkeep = await LakeUpkeep.open({ folder, layer: 'silver', rules: { ...compacting, ...rules } });
      return upkeep.tend(silverTicks, 0).finally(() => {
        upkeep.close();
      });
    };
    await test({ folder, lane: join(folder, 'silver/ticks/lane=0'), lake, tend }).finally(() => {
      lake.close();
    });
  });
}

/** Publishes segments of `rows` offsets each. */
async function publish(lake: DuckDbLake, segments: number, rows = 10): Promise<void> {
  const chain = await lake.open(silverTicks, 0);
  for (let at = 0; at < segments; at++) await chain.publish(draft(chain.end + rows, ticks(chain.end, rows)));
}

const segmentNames = async (lane: string): Promise<string[]> =>
  (await readdir(lane)).filter((name) => !name.startsWith('_')).sort();

async function offsets(folder: string): Promise<unknown[]> {
  const reader = await LakeReader.open({ folder });
  const rows = await reader.query('SELECT lane_offset FROM silver_ticks ORDER BY lane_offset, lane_index');
  reader.close();
  return rows.map((row) => row['lane_offset']);
}

const upTo = (end: number, from = 0): number[] => Array.from({ length: end - from }, (_, at) => from + at);

it('makes one segment out of many: every row once, its footer that of the last, its content the sum', () =>
  withLake(async ({ folder, lane, lake, tend }) => {
    await publish(lake, 3);
    const before = (await lake.read(silverTicks, 0)).segments;
    const report = await tend();
    expect(report.compaction).toMatchObject({ first: 0, next: 30, rows: 30, files: 3 });
    expect(await segmentNames(lane)).toContain(compactedName(0, 1));
    expect(await offsets(folder)).toEqual(upTo(30));
    const { segments } = await lake.read(silverTicks, 0);
    expect(segments).toEqual([
      { ...before[2], first: 0, rows: 30, content: addContents(before.map(({ content }) => content)) },
    ]);
  }));

it('sorts by symbol and event time, and gives the rows back in the order of the lane', () =>
  withLake(async ({ lane, lake, tend }) => {
    await publish(lake, 3);
    await tend();
    const stored = await storedOrder(join(lane, compactedName(0, 1)));
    expect(stored.slice(0, 6)).toEqual(['SYM0 0', 'SYM0 7', 'SYM0 14', 'SYM0 21', 'SYM0 28', 'SYM1 1']);
    const scanned: number[] = [];
    for await (const rows of (await lake.read(silverTicks, 0)).scan(0, ['symbol', 'lane_offset']))
      scanned.push(...rows.numbers('lane_offset'));
    expect(scanned).toEqual(upTo(30));
  }));

async function storedOrder(file: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const read = await connection.runAndReadAll(
    `SELECT symbol || ' ' || lane_offset FROM read_parquet('${file}')`,
  );
  connection.closeSync();
  instance.closeSync();
  return read.getRows().map(([row]) => String(row));
}

it('goes on from the end of the compacted segments (F4), while their owner publishes', () =>
  withLake(async ({ folder, lake, tend }) => {
    await publish(lake, 2);
    await tend();
    await publish(lake, 3);
    const report = await tend();
    expect(report.compaction).toMatchObject({ first: 20, next: 50, files: 3 });
    expect([report.segments, report.compactedSegments]).toEqual([4, 1]);
    await publish(lake, 1);
    expect(await offsets(folder)).toEqual(upTo(60));
  }));

it('leaves segments of other rules or another topic apart', () =>
  withLake(async ({ folder, lake, tend }) => {
    await publish(lake, 2);
    const chain = await lake.open(silverTicks, 0);
    await chain.publish({ ...draft(30, ticks(20, 10)), rules: 'r2' });
    await chain.publish({ ...draft(40, ticks(30, 10)), rules: 'r2' });
    expect((await tend({ compaction: { ...eager, minFiles: 9 } })).compaction).toMatchObject({ next: 20 });
    // Nothing will ever be added to it: it is out of the way.
    expect((await tend()).compaction).toMatchObject({ first: 0, next: 20, files: 1 });
    expect((await tend()).compaction).toMatchObject({ first: 20, next: 40 });
    expect((await lake.read(silverTicks, 0)).segments.map(({ rules }) => rules)).toEqual(['r1', 'r2']);
    expect(await offsets(folder)).toEqual(upTo(40));
  }));

it('does nothing where there is nothing to do', () =>
  withLake(async ({ lane, lake, tend }) => {
    await publish(lake, 1);
    expect(await tend()).toMatchObject({ segments: 1, compaction: undefined, floor: undefined, removed: 0 });
    expect(await segmentNames(lane)).toEqual([segmentName(0)]);
  }));

it('removes what is covered after the grace, not before', () =>
  withLake(async ({ folder, lane, lake, tend }) => {
    await publish(lake, 3);
    await tend();
    expect((await tend()).removed).toBe(0);
    expect(await segmentNames(lane)).toHaveLength(4);
    expect((await tend({ graceMs: 0 })).removed).toBe(3);
    expect(await segmentNames(lane)).toEqual([compactedName(0, 1)]);
    expect(await offsets(folder)).toEqual(upTo(30));
  }));

it('retires old rows by the floor, keeps the last segment, and removes what is below after the grace', () =>
  withLake(async ({ folder, lane, lake, tend }) => {
    for (let at = 0; at < 3; at++) {
      await publish(lake, 2);
      await tend();
    }
    expect((await tend({ retentionMs: 1e9 })).floor).toBeUndefined();
    expect((await tend({ retentionMs: 0 })).floor).toBe(40);
    expect(await offsets(folder)).toEqual(upTo(60, 40));
    // Published, of level 1, and of each level from 2 on to the top.
    expect((await tend({ graceMs: 0 })).removed).toBe(6 + 2 + 8);
    expect(await segmentNames(lane)).toEqual([floorName(40), compactedName(40, 1)]);
    expect((await tend({ retentionMs: 0, graceMs: 0 })).floor).toBeUndefined();
    await publish(lake, 1);
    expect(await offsets(folder)).toEqual(upTo(70, 40));
  }));

it('compacts nothing of a segment whose rows are not what its footer says', () =>
  withLake(async ({ lane, lake, tend }) => {
    await publish(lake, 2);
    await withFolder(async (elsewhere) => {
      const other = await DuckDbLake.open({ folder: elsewhere });
      const chain = await other.open(silverTicks, 0);
      await chain.startAt(10);
      await chain.publish(draft(20, ticks(10, 9)));
      other.close();
      await graft(join(elsewhere, 'silver/ticks/lane=0', segmentName(10)), join(lane, segmentName(10)));
    });
    await expect(tend()).rejects.toThrow(MergeDiffersError);
    expect(await segmentNames(lane)).toEqual([segmentName(0), segmentName(10)]);
    expect(await readdir(join(lane, '_tmp'))).toEqual([]);
  }));

/** Puts another file's rows under a footer that tells of one row less. */
async function graft(rows: string, file: string): Promise<void> {
  const bytes = await readFile(rows);
  const text = bytes.toString('latin1').replace(/(rows[^0-9]{1,8})9(?=[^0-9])/, '$18');
  await rm(file);
  await writeFile(file, Buffer.from(text, 'latin1'));
}

it('takes fewer segments where the memory does not do for all', () =>
  withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    await publish(lake, 8, 20_000);
    const upkeep = await LakeUpkeep.open({ folder, layer: 'silver', rules: compacting, memoryLimit: '16MB' });
    const { compaction } = await upkeep.tend(silverTicks, 0);
    upkeep.close();
    lake.close();
    expect(compaction?.files).toBeGreaterThanOrEqual(1);
    expect(compaction?.files).toBeLessThan(8);
    expect(await offsets(folder)).toEqual(upTo(160_000));
  }));

it('ends a compaction that is under way when it is told to, and begins it again the next time', () =>
  withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    await publish(lake, 2);
    const upkeep = await LakeUpkeep.open({ folder, layer: 'silver', rules: compacting });
    const telling = setInterval(() => {
      upkeep.interrupt();
    }, 1);
    await expect(upkeep.tend(silverTicks, 0)).rejects.toThrow(/interrupted/i);
    clearInterval(telling);
    const lane = join(folder, 'silver/ticks/lane=0');
    expect(await segmentNames(lane)).toEqual([segmentName(0), segmentName(10)]);
    expect(await readdir(join(lane, '_tmp'))).toEqual([]);
    const { compaction } = await upkeep.tend(silverTicks, 0);
    upkeep.close();
    lake.close();
    expect(compaction?.files).toBe(2);
  }));

it('ends a merge that is told to before there is anything to interrupt', () =>
  withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    await publish(lake, 1);
    const [footer] = (await lake.read(silverTicks, 0)).segments;
    lake.close();
    const memoryLimit = '32MB';
    const instance = await openDuckDb({ memoryLimit, threads: 1 }, undefined);
    const merger = new DuckDbMerger({ instance, memoryLimit, files: new NodeLakeFiles() });
    const paths = [join(folder, 'silver/ticks/lane=0', segmentName(0))];
    const merging = merger.merge(silverTicks, paths, footer!, join(folder, 'merged.parquet'));
    merger.interrupt();
    await expect(merging).rejects.toThrow('Merging segments was interrupted');
    instance.closeSync();
  }));
