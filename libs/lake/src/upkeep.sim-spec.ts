import { silverMarkers } from '@engine/medallion';
import { listChain, walkFolder } from './chain-walk.js';
import { ChainUpkeep } from './chain-upkeep.js';
import type { DuckDbChain } from './duckdb-chain.js';
import { ChainDamagedError } from './footer.js';
import { errorCode } from './lake-files.js';
import type { LakeFiles } from './lake-files.js';
import { ChainMovedError } from './ports.js';
import { MergeDiffersError } from './segment-merger.js';
import { PowerLossError, SimulatedDisk } from './simulated-disk.js';
import {
  ByteSegments,
  drawing,
  KilledError,
  LANE_FOLDER,
  markersUpTo,
  openChain,
  ProcessFiles,
  Schedule,
} from './upkeep-world.contract.js';
import type { Draw, SimulatedProcess } from './upkeep-world.contract.js';

/** How many runs, and how many losses of power; with 1000 the power is lost at every step: `UPKEEP_SEEDS=1000 npx jest upkeep.sim`. */
const SEEDS = Number(process.env['UPKEEP_SEEDS'] ?? 100);
const RULES = {
  compaction: { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 },
  // Who reads when the clock ticks has ended two ticks later.
  graceMs: 2,
};

/** The disk, its clock, and all that anybody was ever told. */
class World {
  readonly schedule: Schedule;
  disk = new SimulatedDisk();
  /** Offsets below it were acknowledged as published. */
  acknowledged = 0;
  /** Some owner has seen all offsets in the lake. */
  isPublished = false;
  start = 0;
  reads = 0;
  compactions = 0;
  removed = 0;
  /** Offsets whose rows were written again, each time they were. */
  rewritten = 0;
  // A tick is a millisecond of the present: what has just been written is not stale.
  #now = Date.now();
  #reading = new Set<object>();
  #awaited = new Set<object>();

  constructor(
    readonly draw: Draw,
    readonly offsets: number,
    readonly retentionMs: number | null = 4,
  ) {
    this.schedule = new Schedule(draw);
    this.disk.now = () => this.#now;
  }

  newProcess(): SimulatedProcess {
    return { isKilled: false, sleepsUntil: 0 };
  }

  /** The clock ticks when all have ended who were reading at the tick before. */
  async reading(read: () => Promise<void>): Promise<void> {
    const reader = {};
    this.#reading.add(reader);
    try {
      await read();
    } finally {
      this.#reading.delete(reader);
      this.#awaited.delete(reader);
      if (this.#awaited.size === 0) this.tick();
    }
  }

  tick(): void {
    this.#now++;
    this.#awaited = new Set(this.#reading);
  }

  filesOf(process: SimulatedProcess): LakeFiles {
    return new ProcessFiles(this.disk, process, this.schedule);
  }
}

/** An owner of the lane, one of several: publishes up to the last offset, and looks after the chain beside. */
function owner(world: World, process: SimulatedProcess): Promise<void> {
  const files = world.filesOf(process);
  return untilKilled(Promise.all([publish(world, process, files), tend(world, files)]));
}

async function publish(world: World, process: SimulatedProcess, files: LakeFiles): Promise<void> {
  const segments = new ByteSegments(files);
  for (let chain = await openChain(files, segments); chain.end < world.offsets;) {
    const next = Math.min(world.offsets, chain.end + 1 + Math.floor(world.draw() * 3));
    chain = await publishTo(world, chain, next).catch((error: unknown) => {
      if (!(error instanceof ChainMovedError)) throw error;
      return openChain(files, segments);
    });
    if (world.draw() < 0.05) process.sleepsUntil = world.schedule.turn + Math.floor(world.draw() * 400);
  }
  world.isPublished = true;
}

async function publishTo(world: World, chain: DuckDbChain, next: number): Promise<DuckDbChain> {
  await chain.publish(markersUpTo(chain.end, next));
  world.acknowledged = Math.max(world.acknowledged, next);
  return chain;
}

async function tend(world: World, files: LakeFiles): Promise<void> {
  const segments = new ByteSegments(files);
  const tools = { files, merger: segments, footers: segments };
  const upkeep = new ChainUpkeep(silverMarkers, LANE_FOLDER, tools, {
    ...RULES,
    retentionMs: world.retentionMs,
  });
  while (!world.isPublished) {
    try {
      const { compaction, removed } = await upkeep.tend();
      if (compaction !== undefined) {
        world.compactions++;
        world.rewritten += compaction.next - compaction.first;
      }
      world.removed += removed;
    } catch (error) {
      // A sleeper finds files gone that he had listed before, or others under their names: he begins again.
      const isOvertaken =
        error instanceof MergeDiffersError ||
        error instanceof ChainDamagedError ||
        errorCode(error) === 'ENOENT';
      if (!isOvertaken) throw error;
    }
  }
}

/** Reads all there is, again and again: no error, every row once, nothing that was acknowledged missing, nothing back. */
async function reader(world: World, process: SimulatedProcess): Promise<void> {
  const files = world.filesOf(process);
  const read = async (): Promise<void> => {
    const { acknowledged, start } = world;
    const found = await rowsOf(files);
    const rows = Array.from({ length: found.end - found.start }, (_, at) => found.start + at);
    expect(found.offsets).toEqual(rows);
    expect(found.end).toBeGreaterThanOrEqual(acknowledged);
    expect(found.start).toBeGreaterThanOrEqual(start);
    world.start = Math.max(world.start, found.start);
    world.reads++;
  };
  await untilKilled(
    (async () => {
      while (!world.isPublished) await world.reading(read);
    })(),
  );
}

async function rowsOf(files: LakeFiles): Promise<{ start: number; end: number; offsets: readonly number[] }> {
  const segments = new ByteSegments(files);
  const { start, end, segments: walked } = await walkFolder(files, LANE_FOLDER, segments);
  const offsets: number[] = [];
  for (const { path, footer } of walked) {
    const body = await segments.body(path);
    // What has a name keeps its content as long as anybody reads it.
    expect(body.footer).toEqual(footer);
    offsets.push(...body.offsets);
  }
  return { start, end, offsets };
}

async function untilKilled(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof KilledError || error instanceof PowerLossError)) throw error;
  });
}

/** Two owners that both believe the lane is theirs, and two readers, until all is published or the power is lost. */
async function live(world: World, losePowerAt = Infinity): Promise<void> {
  world.isPublished = false;
  const processes = Array.from({ length: 4 }, () => world.newProcess());
  const [one, other, first, second] = processes as [
    SimulatedProcess,
    SimulatedProcess,
    SimulatedProcess,
    SimulatedProcess,
  ];
  world.disk.losePowerAt(losePowerAt, () => {
    for (const process of processes) process.isKilled = true;
  });
  const all = [owner(world, one), owner(world, other), reader(world, first), reader(world, second)];
  await world.schedule.run(Promise.all(all));
}

/** What there is once all is quiet. */
async function check(world: World): Promise<void> {
  const { offsets, start, end } = await rowsOf(world.disk);
  expect([end, offsets.length]).toEqual([world.offsets, world.offsets - start]);
  expect(start).toBeGreaterThanOrEqual(world.start);
  const listing = await listChain(world.disk, LANE_FOLDER);
  const firsts = [...listing.levels.values()].flatMap((names) => [...names.keys()]);
  expect(firsts.every((first) => first < world.offsets)).toBe(true);
}

it('no-row-lost, no-row-twice, reader-never-sees-half: two owners compact and retire, one of them asleep', async () => {
  const sums = { reads: 0, compactions: 0, removed: 0, retired: 0, rewritten: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    // Where nothing is retired segments get to higher levels.
    const world = new World(drawing(seed), 40, seed % 2 === 0 ? 4 : null);
    await live(world).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    await check(world);
    sums.reads += world.reads;
    sums.compactions += world.compactions;
    sums.removed += world.removed;
    sums.retired += world.start;
    sums.rewritten += world.rewritten;
  }
  // It was about something.
  expect(Math.min(...Object.values(sums))).toBeGreaterThan(SEEDS);
  // And that at more than one level.
  expect(sums.rewritten).toBeGreaterThan(40 * SEEDS);
}, 600_000);

const OFFSETS = 20;

it('no-row-lost: the power lost at steps of the disk all over the run, with two owners and readers', async () => {
  const whole = new World(drawing(1), OFFSETS);
  await live(whole);
  const { steps } = whole.disk;
  expect(steps).toBeGreaterThan(100);
  const stride = Math.max(1, Math.floor(steps / SEEDS));
  for (let step = 1; step <= steps; step += stride) {
    const draw = drawing(1000 + step);
    const world = new World(draw, OFFSETS);
    await live(world, step);
    world.disk = world.disk.afterPowerLoss(draw);
    await live(world).catch((error: unknown) => {
      throw new Error(`step ${step}`, { cause: error });
    });
    await check(world);
  }
}, 600_000);
