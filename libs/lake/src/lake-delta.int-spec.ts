import { link, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { silverMarkers, silverTicks, TableBuilder } from '@engine/medallion';
import type { UpkeepRules } from './chain-upkeep.js';
import { DuckDbLake } from './duckdb-lake.js';
import { FailingFiles } from './failing-files.contract.js';
import { LakeDelta } from './lake-delta.js';
import type { LakeDeltaOptions } from './lake-delta.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeUpkeep } from './lake-upkeep.js';
import { segmentName } from './segment-names.js';

const TABLE = silverTicks.name;
const eager: UpkeepRules = {
  compaction: { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 },
  retentionMs: null,
  graceMs: 1e9,
};

interface Action {
  readonly add?: { path: string; size: number; dataChange: boolean; stats: string; partitionValues: object };
  readonly remove?: { path: string; dataChange: boolean };
  readonly metaData?: { id: string; schemaString: string };
  readonly protocol?: object;
}

/** A lake and its Delta logs, read here with nothing but JSON.parse and DuckDB. */
class World {
  private constructor(
    readonly folder: string,
    readonly lake: DuckDbLake,
    private delta: LakeDelta,
    private readonly options: Partial<LakeDeltaOptions>,
  ) {}

  static async run(
    test: (world: World) => Promise<void>,
    options: Partial<LakeDeltaOptions> = {},
  ): Promise<void> {
    await withFolder(async (folder) => {
      const lake = await DuckDbLake.open({ folder });
      const world = new World(folder, lake, await World.open(folder, options), options);
      await test(world).finally(() => {
        world.delta.close();
        lake.close();
      });
    });
  }

  static open(folder: string, options: Partial<LakeDeltaOptions> = {}): Promise<LakeDelta> {
    return LakeDelta.open({ folder, layer: 'silver', graceMs: 1e9, ...options });
  }

  get log(): string {
    return join(this.folder, TABLE, '_delta_log');
  }

  /** As a process that begins anew. */
  async restart(): Promise<void> {
    this.delta.close();
    this.delta = await World.open(this.folder, this.options);
  }

  sync = (...lanes: number[]): Promise<number> => this.delta.sync(TABLE, lanes);

  async publish(lane: number, segments = 1, rows = 10): Promise<void> {
    const chain = await this.lake.open(silverTicks, lane);
    for (let at = 0; at < segments; at++)
      await chain.publish(draft(chain.end + rows, ticks(chain.end, rows)));
  }

  async tend(lane: number, rules: Partial<UpkeepRules> = {}): Promise<void> {
    const upkeep = await LakeUpkeep.open({
      folder: this.folder,
      layer: 'silver',
      rules: { ...eager, ...rules },
    });
    await upkeep.tend(silverTicks, lane).finally(() => {
      upkeep.close();
    });
  }

  async commit(version: number): Promise<readonly Action[]> {
    const text = await readFile(join(this.log, `${String(version).padStart(20, '0')}.json`), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Action);
  }

  /** The files that a version names. */
  async filesAt(version: number): Promise<readonly string[]> {
    const paths = new Set<string>();
    for (let at = 0; at <= version; at++)
      for (const { add, remove } of await this.commit(at)) {
        if (add) paths.add(add.path);
        if (remove) paths.delete(remove.path);
      }
    return [...paths].sort();
  }

  /** The offsets that a version has, by lane. */
  async rowsAt(version: number): Promise<Readonly<Record<string, readonly number[]>>> {
    const found: Record<string, readonly number[]> = {};
    for (const path of await this.filesAt(version)) {
      const lane = path.slice('lane='.length, path.indexOf('/'));
      const rows = await select(`SELECT lane_offset::INT FROM '${join(this.folder, TABLE, path)}'`);
      found[lane] = [...(found[lane] ?? []), ...(rows.flat() as number[])].sort((a, b) => a - b);
    }
    return found;
  }
}

async function select(sql: string): Promise<readonly unknown[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRows();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const upTo = (end: number, from = 0): number[] => Array.from({ length: end - from }, (_, at) => from + at);
const dataChanges = (actions: readonly Action[]): readonly string[] =>
  actions.flatMap(({ add, remove }) => [
    ...(add ? [`add ${add.path} ${add.dataChange}`] : []),
    ...(remove ? [`remove ${remove.path} ${remove.dataChange}`] : []),
  ]);
const path = (lane: number, first: number, ending = 'parquet'): string =>
  `lane=${lane}/${String(first).padStart(20, '0')}.${ending}`;

it('names at every version exactly the rows of the chains', () =>
  World.run(async (world) => {
    await world.publish(0);
    expect(await world.sync(0, 1)).toBe(0);
    await world.publish(1, 2);
    await world.publish(0);
    expect(await world.sync(0, 1)).toBe(1);
    expect(await world.sync(0, 1)).toBe(1);
    expect(await world.rowsAt(0)).toEqual({ 0: upTo(10) });
    expect(await world.rowsAt(1)).toEqual({ 0: upTo(20), 1: upTo(20) });
  }));

it('says of a compaction that no data changes, in one version, and of retention that some goes', () =>
  World.run(async (world) => {
    await world.publish(0, 3);
    await world.sync(0);
    await world.tend(0);
    expect(await world.sync(0)).toBe(1);
    expect(dataChanges(await world.commit(1))).toEqual([
      ...[0, 10, 20].map((first) => `remove ${path(0, first)} false`),
      `add ${path(0, 0, 'l1.parquet')} false`,
    ]);
    await world.publish(0, 2);
    await world.tend(0);
    await world.tend(0, { retentionMs: 0, compaction: null });
    await world.sync(0);
    expect(dataChanges(await world.commit(2))).toEqual([
      `remove ${path(0, 0, 'l1.parquet')} true`,
      `add ${path(0, 30, 'l1.parquet')} true`,
    ]);
    for (const [version, rows] of [upTo(30), upTo(30), upTo(50, 30)].entries())
      expect(await world.rowsAt(version)).toEqual({ 0: rows });
  }));

it('calls data changed what a compaction has together with rows that it had not told of', () =>
  World.run(async (world) => {
    await world.publish(0, 2);
    await world.sync(0);
    await world.publish(0);
    await world.tend(0);
    await world.sync(0);
    expect(dataChanges(await world.commit(1))).toContain(`add ${path(0, 0, 'l1.parquet')} true`);
    expect(await world.rowsAt(1)).toEqual({ 0: upTo(30) });
  }));

it('never adds a segment that a zombie has linked late and no walk comes to', () =>
  World.run(async (world) => {
    await world.publish(0, 3);
    const lane = join(world.folder, TABLE, 'lane=0');
    await rename(join(lane, segmentName(10)), join(lane, '_tmp', 'slept'));
    // As if it had been compacted before it slept: [0, 30) is one file, the name 10 is free again.
    await link(join(lane, '_tmp', 'slept'), join(lane, segmentName(10)));
    await world.tend(0, { graceMs: 0 });
    await world.tend(0, { graceMs: 0 });
    expect(await readdir(lane)).not.toContain(segmentName(10));
    await world.sync(0);
    await link(join(lane, '_tmp', 'slept'), join(lane, segmentName(10)));
    await world.publish(0);
    await world.sync(0);
    expect(await world.filesAt(1)).toEqual([path(0, 0, 'l1.parquet'), path(0, 30)].sort());
    expect(await world.rowsAt(1)).toEqual({ 0: upTo(40) });
  }));

it('is written by the owners of several lanes at once, and no version is lost', () =>
  World.run(async (world) => {
    const owners = await Promise.all([0, 1, 2].map(() => World.open(world.folder)));
    for (let round = 0; round < 5; round++) {
      for (const lane of owners.keys()) await world.publish(lane);
      await Promise.all(owners.map((owner, lane) => owner.sync(TABLE, [lane])));
    }
    for (const owner of owners) owner.close();
    expect(await world.rowsAt(14)).toEqual({ 0: upTo(50), 1: upTo(50), 2: upTo(50) });
    const metaData = await Promise.all(upTo(15).map(async (version) => world.commit(version)));
    expect(metaData.flat().filter((action) => action.metaData)).toHaveLength(1);
  }));

it('begins again where it was killed, whatever was left to do', () =>
  World.run(async (world) => {
    await world.publish(0, 2);
    await world.sync(0);
    await world.publish(0, 1);
    await world.tend(0);
    await world.restart();
    expect(await world.sync(0)).toBe(1);
    expect(await world.rowsAt(1)).toEqual({ 0: upTo(30) });
    await world.restart();
    expect(await world.sync(0)).toBe(1);
  }));

it('goes on from a checkpoint, and lets go of what lies before an old one', () =>
  World.run(
    async (world) => {
      for (let at = 0; at < 9; at++) {
        await world.publish(at % 2);
        await world.sync(0, 1);
      }
      const checkpoints = (await readdir(world.log)).filter((name) => name.endsWith('.checkpoint.parquet'));
      expect(checkpoints.map((name) => Number(name.slice(0, 20)))).toEqual([4, 8]);
      expect(JSON.parse(await readFile(join(world.log, '_last_checkpoint'), 'utf8'))).toMatchObject({
        version: 8,
      });
      const [known] = await select(
        `SELECT list_sort(list(add.path)) FROM '${join(world.log, checkpoints[1] ?? '')}' WHERE add IS NOT NULL`,
      );
      expect((known?.[0] as { items: unknown }).items).toEqual(await world.filesAt(8));
      const old = new Date(Date.now() - 1e8);
      await utimes(join(world.log, checkpoints[0] ?? ''), old, old);
      await world.restart();
      for (let at = 0; at < 4; at++) {
        await world.publish(0);
        await world.sync(0, 1);
      }
      const versions = (await readdir(world.log)).map((name) => parseInt(name, 10)).filter((at) => at >= 0);
      expect(versions.sort((a, b) => a - b)).toEqual([4, 4, 5, 6, 7, 8, 8, 9, 10, 11, 12, 12]);
      expect(await world.sync(0, 1)).toBe(12);
    },
    { checkpointEvery: 4, graceMs: 0 },
  ));

it('is made anew where somebody has deleted it, also under its writer', () =>
  World.run(async (world) => {
    await world.publish(0, 2);
    await world.sync(0);
    await world.tend(0);
    await world.sync(0);
    await rm(world.log, { recursive: true });
    expect(await world.sync(0)).toBe(0);
    expect(await world.filesAt(0)).toEqual([path(0, 0, 'l1.parquet')]);
  }));

it('names a log that cannot be read, and what to do', () =>
  World.run(async (world) => {
    await world.publish(0);
    await world.sync(0);
    await writeFile(join(world.log, `${'0'.repeat(19)}1.json`), '{"add":');
    await world.publish(0);
    await expect(world.sync(0)).rejects.toThrow(/_delta_log: 0+1\.json cannot be read\. Delete this folder/);
  }));

it('leaves empty segments out: they have no rows', () =>
  World.run(async (world) => {
    const chain = await world.lake.open(silverTicks, 0);
    await chain.publish(draft(5));
    await chain.publish(draft(10, ticks(5, 5)));
    await world.sync(0);
    expect(await world.filesAt(0)).toEqual([path(0, 5)]);
  }));

it('has statistics by which a reader can pass a file over', () =>
  World.run(async (world) => {
    await world.publish(3, 1, 40_000);
    await world.sync(3);
    const [add] = (await world.commit(0)).flatMap((action) => action.add ?? []);
    expect(add?.partitionValues).toEqual({ lane: '3' });
    const stats = JSON.parse(add?.stats ?? '') as Record<string, Record<string, unknown>>;
    expect(stats).toMatchObject({
      numRecords: 40_000,
      minValues: { lane_offset: 0, symbol: 'SYM0', event_time: '2023-11-14T22:13:20.000000Z', price: 100 },
      maxValues: {
        lane_offset: 39_999,
        symbol: 'SYM6',
        event_time: '2023-11-14T22:13:59.999000Z',
        price: 10_099.75,
      },
      nullCount: { lane_offset: 0, size: 13_334, volatility: 40_000 },
    });
    expect(stats['minValues']).not.toHaveProperty('volatility');
  }));

it('says nothing of the range of a text that is too long to be of use', () =>
  World.run(async (world) => {
    const batch = ticks(0, 10);
    const values = batch.columns.map((column) =>
      column.name === 'trade_id'
        ? { ...column, values: Array.from<unknown, string>(column.values, () => 'x'.repeat(300)) }
        : column,
    );
    const chain = await world.lake.open(silverTicks, 0);
    await chain.publish(draft(10, { ...batch, columns: values }));
    await world.sync(0);
    const stats = (await world.commit(0)).flatMap((action) => action.add?.stats ?? [])[0];
    expect(stats).not.toContain('"trade_id":"');
    expect(stats).toContain('"source":"synthetic"');
  }));

it('has the columns of the table and the lane, and keeps columns that a newer version has added', () =>
  World.run(async (world) => {
    await world.publish(0);
    await world.sync(0);
    const { metaData, protocol } = Object.assign({}, ...(await world.commit(0))) as Action;
    const schema = JSON.parse(metaData?.schemaString ?? '') as { fields: { name: string; type: string }[] };
    expect(schema.fields.map(({ name, type }) => `${name} ${type}`)).toEqual(
      expect.arrayContaining([
        'lane_offset long',
        'event_time timestamp',
        'in_order boolean',
        'lane integer',
      ]),
    );
    expect(schema.fields).toHaveLength(19);
    // Nobody but the engine may write: another program's vacuum would take floors for litter.
    expect(protocol).toMatchObject({ minReaderVersion: 1, minWriterVersion: 7 });

    schema.fields.push({ name: 'added_later', type: 'long' });
    const newer = { metaData: { ...metaData, schemaString: JSON.stringify(schema) } };
    await writeFile(join(world.log, `${'0'.repeat(19)}1.json`), `${JSON.stringify(newer)}\n`);
    await world.publish(0);
    expect(await world.sync(0)).toBe(2);
    expect((await world.commit(2)).filter((action) => action.metaData)).toEqual([]);
  }));

it('tells of columns that have come to the table', () =>
  World.run(async (world) => {
    const older = JSON.stringify({ type: 'struct', fields: [{ name: 'lane_offset', type: 'long' }] });
    await world.publish(0);
    await world.sync(0);
    const { metaData } = Object.assign({}, ...(await world.commit(0))) as Action;
    const older0 = { metaData: { ...metaData, schemaString: older } };
    await writeFile(join(world.log, `${'0'.repeat(19)}1.json`), `${JSON.stringify(older0)}\n`);
    expect(await world.sync(0)).toBe(2);
    const [renewed] = (await world.commit(2)).flatMap((action) => action.metaData ?? []);
    expect(renewed?.id).toBe(metaData?.id);
    expect(renewed?.schemaString).toBe(metaData?.schemaString);
  }));

it('has a log of its own for each table', () =>
  World.run(async (world) => {
    const delta = await World.open(world.folder);
    const chain = await world.lake.open(silverMarkers, 0);
    const rows = new TableBuilder(silverMarkers);
    rows.columns.lane_offset.push(0);
    rows.columns.marker.push(1_700_000_000_000_000);
    await chain.publish(draft(1, rows.take()));
    expect(await delta.sync(silverMarkers.name, [0])).toBe(0);
    expect(await delta.sync(TABLE, [0])).toBe(0);
    await expect(delta.sync('gold/bars', [0])).rejects.toThrow(/no table gold\/bars/);
    delta.close();
  }));

it.each(['before', 'after'] as const)(
  'goes on as if nothing had been when a call fails, %s it was done',
  async (when) => {
    const files = new FailingFiles();
    await World.run(
      async (world) => {
        await world.publish(0);
        await world.sync(0);
        // The calls of a checkpoint and of the cleaning after it included: those that are left look at older checkpoints.
        for (let call = 0; call < 40; call++) {
          await world.publish(0);
          files.failAt(call, when);
          await world.sync(0).catch(() => undefined);
          expect(files.calls.length).toBeGreaterThan(call);
          files.failAt(Infinity, when);
          expect(await world.sync(0)).toBe(call + 1);
          expect(await world.filesAt(call + 1)).toEqual(upTo(call + 2).map((at) => path(0, at * 10)));
        }
        const version = await world.sync(0);
        await world.restart();
        expect(await world.sync(0)).toBe(version);
      },
      { files, checkpointEvery: 1 },
    );
  },
);
