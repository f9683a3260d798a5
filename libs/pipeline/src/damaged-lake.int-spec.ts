import { copyFile, cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addContents, DuckDbLake, FileSnapshotStore, LakeInspector } from '@engine/lake';
import type { Snapshot } from '@engine/lake';
import {
  bronzeEvents,
  goldBars,
  goldMetrics,
  silverMarkers,
  silverTicks,
  silverWindows,
} from '@engine/medallion';
import type { TableSchema } from '@engine/medallion';
import { MemoryLog } from '@engine/stream/testing';

import { closing, input, LANES, rules } from './testing/memory-run.contract.js';
import { MemoryPipeline, topics } from './testing.js';

/** A log that goes further than the lake beside it: what a restart has to come to is known from an undamaged copy. */
const log = new MemoryLog();
let template: string;
let expected: ReadonlyMap<string, string>;
let folder: string;

beforeAll(async () => {
  await MemoryPipeline.ensureTopics(log, LANES, 3);
  template = await newFolder();
  await live(template, input.slice(0, 120));
  folder = await newFolder();
  await cp(template, folder, { recursive: true });
  await live(folder, input.slice(120));
  expected = await contents(folder);
  await rm(folder, { recursive: true });
});

afterAll(() => rm(template, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await newFolder();
  await cp(template, folder, { recursive: true });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'damaged-lake-'));

interface Life {
  readonly passedOver: readonly string[];
  readonly startedAt: ReadonlyMap<number, number> | undefined;
}

/** A life of all layers over a lake of files: takes what the log has, then the records, and stops cleanly. */
async function live(lakeFolder: string, records: typeof input = []): Promise<Life> {
  const lake = await DuckDbLake.open({ folder: lakeFolder });
  const passedOver: string[] = [];
  try {
    const pipeline = await MemoryPipeline.start({
      log,
      lake,
      snapshots: await FileSnapshotStore.create({ folder: lakeFolder }),
      lanes: LANES,
      rules,
      limits: { maxRows: 15, maxMs: 3_600_000 },
      batches: { maxRecords: 30, maxBytes: 1e9 },
      observer: { snapshotUnreadable: (_lane, _offset, error) => passedOver.push(String(error)) },
    });
    const startedAt = pipeline.startedAt.get(topics.bronzeTicks);
    await log.deliver(topics.stockTicks, ...records);
    if (records.at(-1) === input.at(-1)) await log.deliver(topics.bronzeTicks, ...closing);
    await pipeline.stop();
    return { passedOver, startedAt };
  } finally {
    lake.close();
  }
}

const tables: readonly TableSchema[] = [
  bronzeEvents,
  silverTicks,
  silverMarkers,
  silverWindows,
  goldBars,
  goldMetrics,
];

/** Table and lane to the sum of its rows' hashes, from its chain's start to its end. */
async function contents(lakeFolder: string): Promise<ReadonlyMap<string, string>> {
  const lake = await LakeInspector.open({ folder: lakeFolder, memoryLimit: '64MB', threads: 1 });
  try {
    const found = new Map<string, string>();
    for (const table of tables)
      for (const lane of await lake.lanes(table)) {
        const { walk } = await lake.inspect(table, lane);
        const sum = addContents(walk.segments.map(({ footer }) => footer.content));
        found.set(`${table.name}/${lane}`, sum);
      }
    return found;
  } finally {
    lake.close();
  }
}

const laneOf = (table: string, lane = 0): string => join(folder, table, `lane=${lane}`);

/** A file of silver/ticks in lane 0, from its end. */
async function segment(fromEnd = 1): Promise<string> {
  const names = (await readdir(laneOf('silver/ticks'))).filter((name) => name.endsWith('.parquet')).sort();
  expect(names.length).toBeGreaterThan(2);
  return join(laneOf('silver/ticks'), names.at(-fromEnd)!);
}

/** The newest snapshot of silver in lane 0. */
async function snapshot(): Promise<string> {
  const names = (await readdir(laneOf('_state/silver'))).filter((name) => name.endsWith('.snapshot')).sort();
  expect(names.length).toBeGreaterThan(1);
  return join(laneOf('_state/silver'), names.at(-1)!);
}

async function flip(path: string, position: (bytes: Buffer) => number): Promise<string> {
  const bytes = await readFile(path);
  const at = position(bytes);
  bytes[at] = bytes[at]! ^ 1;
  await writeFile(path, bytes);
  return path;
}

describe('a start goes on exactly', () => {
  it('where nothing is damaged', async () => {
    await live(folder);
    expect(await contents(folder)).toEqual(expected);
  });

  it('over a bit flipped in a page: it reads no rows, `engine verify` does', async () => {
    await flip(await segment(), (bytes) => Math.floor(bytes.length / 4));
    await live(folder);
    expect(await contents(folder)).toEqual(expected);
  });

  it('over a missing file in the middle: what was in it is published anew', async () => {
    await rm(await segment(2));
    await live(folder);
    expect(await contents(folder)).toEqual(expected);
  });

  it('over a file doubled under a name of no chain', async () => {
    await copyFile(await segment(), join(laneOf('silver/ticks'), 'copy.parquet'));
    await live(folder);
    expect(await contents(folder)).toEqual(expected);
  });

  it('over a flipped snapshot, from an older one, and says so', async () => {
    const path = await flip(await snapshot(), (bytes) => bytes.length - 3);
    const { passedOver, startedAt } = await live(folder);
    expect(passedOver).toEqual([expect.stringContaining(`${path} cannot be read`)]);
    const newest = Number(/(\d{20})\.snapshot$/.exec(path)?.[1]);
    expect(startedAt?.get(0)).toBeLessThan(newest);
    expect(await contents(folder)).toEqual(expected);
  });

  it('over leftovers in _tmp', async () => {
    for (const lane of [laneOf('silver/ticks'), laneOf('_state/silver'), folder])
      await writeFile(join(lane, '_tmp', 'half-written'), 'PAR1');
    await live(folder);
    expect(await contents(folder)).toEqual(expected);
  });
});

describe('a start is refused, with the file and what can be done', () => {
  const damages: [string, () => Promise<string>][] = [
    ['a footer with a bit flipped', async () => flip(await segment(), (bytes) => bytes.lastIndexOf('next'))],
    [
      'a length of the footer with a bit flipped',
      async () => flip(await segment(), (bytes) => bytes.length - 7),
    ],
    [
      'a truncated file',
      async () => {
        const path = await segment();
        await truncate(path, 700);
        return path;
      },
    ],
    [
      'an empty file',
      async () => {
        const path = await segment();
        await truncate(path, 0);
        return path;
      },
    ],
    [
      'a file doubled at the end of its chain',
      async () => {
        const lake = await DuckDbLake.open({ folder });
        const { end } = await lake.open(silverTicks, 0);
        lake.close();
        const copy = join(laneOf('silver/ticks'), `${String(end).padStart(20, '0')}.parquet`);
        await copyFile(await segment(), copy);
        return copy;
      },
    ],
    [
      'a file of another lane in the place of one',
      async () => {
        const path = await segment();
        const others = (await readdir(laneOf('silver/ticks', 1))).filter((name) => name.endsWith('.parquet'));
        const other = others.sort().find((name) => !path.endsWith(name) && Number(name.slice(0, 20)) > 0);
        await copyFile(join(laneOf('silver/ticks', 1), other!), path);
        return path;
      },
    ],
  ];
  it.each(damages)('%s', async (_, make) => {
    const path = await make();
    const refusal = await live(folder).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'ChainDamagedError', file: path, exitCode: 78 });
    expect((refusal as Error).message).toContain(path);
    expect((refusal as Error).message).toMatch(/backup.*engine verify/);
  });

  it('a snapshot of other rules that is not their clean end', async () => {
    const path = await snapshot();
    const offset = Number(/(\d{20})\.snapshot$/.exec(path)?.[1]);
    const snapshots = await (await FileSnapshotStore.create({ folder })).open('silver', 0);
    const own = (await snapshots.read(offset)) satisfies Snapshot;
    await snapshots.write({ ...own, rules: 'other', isFinal: false });
    const refusal = await live(folder).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'RulesChangedError', before: 'other', exitCode: 78 });
    expect((refusal as Error).message).toMatch(
      /silver\/lane=0 .*snapshot, taken at \d+, .*engine backfill --layer silver/,
    );
    await rm(path);
    await live(folder);
    expect(await contents(folder)).toEqual(expected);
  });
});
