import { silverMarkers } from '@engine/medallion';
import { listChain, walkChain, walkFolder } from './chain-walk.js';
import type { ChainWalk } from './chain-walk.js';
import { ChainUpkeep } from './chain-upkeep.js';
import type { UpkeepReport, UpkeepRules } from './chain-upkeep.js';
import { planCompaction } from './compaction-plan.js';
import { ChainMovedError } from './ports.js';
import { planFloor } from './retention-plan.js';
import { compactedName, floorName, segmentName } from './segment-names.js';
import { SimulatedDisk } from './simulated-disk.js';
import { ByteSegments, drawing, LANE_FOLDER, markersUpTo, openChain } from './upkeep-world.contract.js';

/** A lane whose clock stands still unless it is moved. */
class Lane {
  nowMs = Date.now();

  constructor(readonly disk = new SimulatedDisk()) {
    this.disk.now = () => this.nowMs;
  }

  async publish(first: number, next: number): Promise<void> {
    const chain = await openChain(this.disk, new ByteSegments(this.disk));
    expect(chain.end).toBe(first);
    await chain.publish(markersUpTo(first, next));
  }

  tend(rules: Partial<UpkeepRules> = {}, segments = new ByteSegments(this.disk)): Promise<UpkeepReport> {
    const tools = { files: this.disk, merger: segments, footers: segments };
    return new ChainUpkeep(silverMarkers, LANE_FOLDER, tools, {
      compaction: { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 },
      retentionMs: null,
      graceMs: 1000,
      ...rules,
    }).tend();
  }

  /** What a reader finds. */
  async offsets(): Promise<readonly number[]> {
    const segments = new ByteSegments(this.disk);
    const walk = await walkFolder(this.disk, LANE_FOLDER, segments);
    const bodies = [];
    for (const { path } of walk.segments) bodies.push(await segments.body(path));
    return bodies.flatMap(({ offsets }) => offsets);
  }

  async has(name: string): Promise<boolean> {
    return (await this.disk.list(LANE_FOLDER)).includes(name);
  }
}

let lane: Lane;
beforeEach(() => {
  lane = new Lane();
});

it('F1: rows are read once though a zombie links a segment that reaches out of a compacted one', async () => {
  await lane.publish(0, 1);
  const zombie = await openChain(lane.disk, new ByteSegments(lane.disk));
  await lane.publish(1, 2);
  await lane.tend();
  await lane.tend({ graceMs: 0 });
  await lane.publish(2, 3);
  await expect(zombie.publish(markersUpTo(1, 3))).rejects.toThrow(ChainMovedError);
  expect(await lane.has(segmentName(1))).toBe(true);
  expect(await lane.offsets()).toEqual([0, 1, 2]);
});

it('F2: an owner whose name became free again by compaction is told that the chain moved', async () => {
  await lane.publish(0, 1);
  const sleeper = await openChain(lane.disk, new ByteSegments(lane.disk));
  await lane.publish(1, 2);
  await lane.tend();
  await lane.tend({ graceMs: 0 });
  expect(await lane.has(segmentName(1))).toBe(false);
  await expect(sleeper.publish(markersUpTo(1, 3))).rejects.toThrow(ChainMovedError);
  await lane.publish(2, 3);
  expect(await lane.offsets()).toEqual([0, 1, 2]);
});

it('F3: of two that compact to different ends one gets the name, and the other disturbs nothing', async () => {
  await lane.publish(0, 1);
  await lane.publish(1, 2);
  const slow = new SlowMerger(lane.disk);
  const overtaken = lane.tend({}, slow);
  await slow.hasMerged;
  await lane.publish(2, 3);
  await lane.tend();
  await lane.tend({ graceMs: 0 });
  slow.goOn();
  expect((await overtaken).compaction).toBeUndefined();
  expect(await lane.offsets()).toEqual([0, 1, 2]);
});

it('F4: what is compacted begins where the compacted segments end, and nowhere else', async () => {
  for (let at = 0; at < 5; at++) await lane.publish(at, at + 1);
  const walk = await walkOf(lane);
  const first = planCompaction(walk, () => ({ bytes: 1, ageMs: 0 }), {
    maxBytes: 2,
    maxAgeMs: 1,
    minFiles: 9,
  });
  expect(first.map(({ footer }) => footer.first)).toEqual([0, 1]);
  await lane.tend({ compaction: { maxBytes: 1, maxAgeMs: 1e9, minFiles: 9 } });
  const second = planCompaction(await walkOf(lane), () => ({ bytes: 1, ageMs: 0 }), {
    maxBytes: 1e9,
    maxAgeMs: 1e9,
    minFiles: 2,
  });
  expect(second.map(({ footer }) => footer.first)).toEqual([1, 2, 3, 4]);
});

it('F5: the floor goes to the end of a compacted segment, and never past the last segment', async () => {
  await lane.publish(0, 1);
  await lane.publish(1, 2);
  await lane.publish(2, 3);
  expect(planFloor(await walkOf(lane), () => true)).toBeUndefined();
  await lane.tend({ compaction: { maxBytes: 1, maxAgeMs: 1e9, minFiles: 9 } });
  expect(planFloor(await walkOf(lane), () => true)).toBe(1);
  await lane.tend();
  expect(planFloor(await walkOf(lane), () => true)).toBe(1);
  await lane.tend({ retentionMs: 0, compaction: null });
  expect(await lane.has(floorName(1))).toBe(true);
  expect(await lane.offsets()).toEqual([1, 2]);
});

it('F5: a zombie that compacts across the floor takes nothing from above it', async () => {
  for (let at = 0; at < 4; at++) await lane.publish(at, at + 1);
  const slow = new SlowMerger(lane.disk);
  const zombie = lane.tend({ graceMs: 0 }, slow);
  await slow.hasMerged;
  await lane.tend({ compaction: { maxBytes: 1, maxAgeMs: 1e9, minFiles: 9 } });
  await lane.tend({ compaction: null, retentionMs: 0, graceMs: 0 });
  await lane.tend({ compaction: null, graceMs: 0 });
  slow.goOn();
  expect((await zombie).compaction).toMatchObject({ first: 0, next: 4 });
  await lane.tend({ compaction: null, graceMs: 0 });
  expect(await lane.offsets()).toEqual([1, 2, 3]);
});

describe('F6', () => {
  it('whoever began to read before a compaction finds what he listed, through all of the grace', async () => {
    await lane.publish(0, 1);
    await lane.publish(1, 2);
    const segments = new ByteSegments(lane.disk);
    const listing = await listChain(lane.disk, LANE_FOLDER);
    await lane.tend();
    lane.nowMs += 999;
    await lane.tend();
    const walk = await walkChain(listing, segments.footerOf);
    expect(walk.segments.map(({ level }) => level)).toEqual([0, 0]);
    lane.nowMs += 1;
    await lane.tend();
    await expect(walkChain(listing, segments.footerOf)).rejects.toThrow('it is gone');
    expect(await lane.offsets()).toEqual([0, 1]);
  });

  it('the grace counts from the link, not from when the file was written', async () => {
    await lane.publish(0, 1);
    await lane.publish(1, 2);
    const slow = new SlowMerger(lane.disk);
    const sleeping = lane.tend({}, slow);
    await slow.hasMerged;
    lane.nowMs += 5000;
    slow.goOn();
    await sleeping;
    expect((await lane.tend()).removed).toBe(0);
    expect(await lane.has(segmentName(0))).toBe(true);
  });

  it('the grace of what is below the floor counts from the floor', async () => {
    await lane.publish(0, 1);
    await lane.tend({ compaction: { maxBytes: 1, maxAgeMs: 1e9, minFiles: 9 } });
    await lane.publish(1, 2);
    lane.nowMs += 5000;
    await lane.tend({ retentionMs: 0 });
    lane.nowMs += 999;
    await lane.tend();
    expect(await lane.has(compactedName(0))).toBe(true);
    lane.nowMs += 1;
    await lane.tend();
    expect(await lane.has(compactedName(0))).toBe(false);
    expect(await lane.offsets()).toEqual([1]);
  });
});

it('what replaces rows is named for good before they go, whoever has named it', async () => {
  const disk = new ForgetfulDisk();
  lane = new Lane(disk);
  await lane.publish(0, 1);
  await lane.publish(1, 2);
  disk.forgets = true;
  expect((await lane.tend()).compaction).toBeDefined();
  disk.forgets = false;
  expect((await lane.tend({ graceMs: 0 })).removed).toBe(2);
  for (let seed = 1; seed <= 50; seed++)
    expect(await new Lane(disk.afterPowerLoss(drawing(seed))).offsets()).toEqual([0, 1]);
});

/** Names are not synced while it forgets: as if their owner had died before. */
class ForgetfulDisk extends SimulatedDisk {
  forgets = false;

  override syncFolder(folder: string): Promise<void> {
    return this.forgets ? Promise.resolve() : super.syncFolder(folder);
  }
}

const walkOf = ({ disk }: Lane): Promise<ChainWalk> => walkFolder(disk, LANE_FOLDER, new ByteSegments(disk));

/** Has merged, and sleeps before the file gets its name. */
class SlowMerger extends ByteSegments {
  #merged: () => void = () => undefined;
  readonly hasMerged = new Promise<void>((done) => (this.#merged = done));
  goOn: () => void = () => undefined;
  readonly #awake = new Promise<void>((done) => (this.goOn = done));

  override async merge(...merge: Parameters<ByteSegments['merge']>): Promise<void> {
    await super.merge(...merge);
    this.#merged();
    await this.#awake;
  }
}
