import { silverMarkers } from '@engine/medallion';
import { listChain, walkChain, walkFolder } from './chain-walk.js';
import type { ChainWalk } from './chain-walk.js';
import { ChainUpkeep } from './chain-upkeep.js';
import type { UpkeepReport, UpkeepRules } from './chain-upkeep.js';
import { planCompaction } from './compaction-plan.js';
import type { CompactionLimits } from './compaction-plan.js';
import { ChainMovedError } from './ports.js';
import { retiredSegments } from './retention-plan.js';
import { compactedName, floorName, segmentName, TOP_LEVEL } from './segment-names.js';
import { SimulatedDisk } from './simulated-disk.js';
import { ByteSegments, drawing, LANE_FOLDER, markersUpTo, openChain } from './upkeep-world.contract.js';

const soon: CompactionLimits = { maxBytes: 1e9, maxAgeMs: 1e9, minFiles: 2 };
/** Each segment is large enough by itself. */
const oneByOne: CompactionLimits = { maxBytes: 1, maxAgeMs: 1e9, minFiles: 9 };

/** A lane whose clock stands still unless it is moved. */
class Lane {
  nowMs = Date.now();

  constructor(readonly disk = new SimulatedDisk()) {
    this.disk.now = () => this.nowMs;
  }

  /** Publishes segments of one offset each up to an end. */
  async publishUpTo(end: number): Promise<void> {
    for (let at = (await walkOf(this)).end; at < end; at++) await this.publish(at, at + 1);
  }

  async publish(first: number, next: number): Promise<void> {
    const chain = await openChain(this.disk, new ByteSegments(this.disk));
    expect(chain.end).toBe(first);
    await chain.publish(markersUpTo(first, next));
  }

  tend(rules: Partial<UpkeepRules> = {}, segments = new ByteSegments(this.disk)): Promise<UpkeepReport> {
    const tools = { files: this.disk, merger: segments, footers: segments };
    return new ChainUpkeep(silverMarkers, LANE_FOLDER, tools, {
      compaction: soon,
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
    return (await this.names()).includes(name);
  }

  async names(): Promise<readonly string[]> {
    return (await this.disk.list(LANE_FOLDER)).filter((name) => name !== '_tmp').sort();
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

it('F2: nor is a name free where a compacted segment is back that readers take before it', async () => {
  for (const end of [2, 4]) {
    await lane.publishUpTo(end);
    await lane.tend();
  }
  const survivor = compactedName(2, 1);
  for (const name of await lane.names())
    if (name !== survivor) await lane.disk.unlink(`${LANE_FOLDER}/${name}`);
  expect(await lane.names()).toEqual([survivor]);
  const owner = await openChain(lane.disk, new ByteSegments(lane.disk));
  await owner.publish(markersUpTo(0, 2));
  await expect(owner.publish(markersUpTo(2, 3))).rejects.toThrow(ChainMovedError);
  await lane.publish(4, 5);
  expect(await lane.offsets()).toEqual([0, 1, 2, 3, 4]);
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
    maxBytes: 3,
    maxAgeMs: 1,
    minFiles: 9,
  });
  expect(first.map(({ footer }) => footer.first)).toEqual([0, 1, 2]);
  await lane.tend({ compaction: oneByOne });
  const second = planCompaction(await walkOf(lane), () => ({ bytes: 1, ageMs: 0 }), {
    maxBytes: 1e9,
    maxAgeMs: 1e9,
    minFiles: 2,
  });
  expect(second.map(({ footer }) => footer.first)).toEqual([1, 2, 3, 4]);
});

it('F5: the floor goes to the end of a compacted segment, and never past the last segment', async () => {
  await lane.publishUpTo(3);
  const retired = async (): Promise<readonly number[]> =>
    retiredSegments(await walkOf(lane), () => true).map(({ footer }) => footer.next);
  expect(await retired()).toEqual([]);
  await lane.tend({ compaction: oneByOne });
  expect(await retired()).toEqual([1]);
  await lane.tend();
  expect(await retired()).toEqual([1]);
  await lane.tend({ retentionMs: 0, compaction: null });
  expect(await lane.has(floorName(1))).toBe(true);
  expect(await lane.offsets()).toEqual([1, 2]);
});

it('F5: a zombie that compacts across the floor takes nothing from above it', async () => {
  for (let at = 0; at < 4; at++) await lane.publish(at, at + 1);
  const slow = new SlowMerger(lane.disk);
  const zombie = lane.tend({ graceMs: 0 }, slow);
  await slow.hasMerged;
  await lane.tend({ compaction: oneByOne });
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
    await lane.tend({ compaction: oneByOne });
    await lane.publish(1, 2);
    lane.nowMs += 5000;
    await lane.tend({ retentionMs: 0 });
    lane.nowMs += 999;
    await lane.tend();
    expect(await lane.has(compactedName(0, 1))).toBe(true);
    lane.nowMs += 1;
    await lane.tend();
    expect(await lane.has(compactedName(0, 1))).toBe(false);
    expect(await lane.offsets()).toEqual([1]);
  });
});

describe('at every level', () => {
  /** Makes segments [0, 2) and [2, 4) of level 1. */
  async function publishTwoOfLevel1(): Promise<void> {
    for (const end of [2, 4]) {
      await lane.publishUpTo(end);
      await lane.tend();
    }
  }

  it('F1, F2: rows are read once though a zombie links an L1 that reaches out of an L2', async () => {
    await lane.publishUpTo(2);
    await lane.tend();
    await lane.publishUpTo(4);
    const [quick, slow] = [new SlowMerger(lane.disk), new SlowMerger(lane.disk)];
    const first = lane.tend({}, quick);
    await quick.hasMerged;
    await lane.publishUpTo(5);
    const zombie = lane.tend({}, slow);
    await slow.hasMerged;
    quick.goOn();
    await first;
    await lane.tend();
    await lane.tend({ graceMs: 0 });
    expect(await lane.has(compactedName(2, 1))).toBe(false);
    slow.goOn();
    expect((await zombie).compaction).toMatchObject({ first: 2, next: 5 });
    expect(await lane.has(compactedName(2, 1))).toBe(true);
    expect(await lane.offsets()).toEqual([0, 1, 2, 3, 4]);
    await lane.tend({ compaction: null, graceMs: 0 });
    expect(await lane.names()).toEqual([compactedName(0, 2), segmentName(4)]);
    expect(await lane.offsets()).toEqual([0, 1, 2, 3, 4]);
  });

  it('F3: an L2 that is linked late, where an L3 begins, disturbs nothing', async () => {
    await publishTwoOfLevel1();
    const slow = new SlowMerger(lane.disk);
    const zombie = lane.tend({}, slow);
    await slow.hasMerged;
    for (let end = 5; end < 12; end++) {
      await lane.publishUpTo(end);
      await lane.tend();
    }
    expect(await lane.has(compactedName(0, 3))).toBe(true);
    await lane.tend({ compaction: null, graceMs: 0 });
    const offsets = await lane.offsets();
    slow.goOn();
    expect((await zombie).compaction).toMatchObject({ first: 0, next: 4 });
    expect(await lane.offsets()).toEqual(offsets);
    await lane.tend({ compaction: null, graceMs: 0 });
    expect(await lane.has(compactedName(0, 2))).toBe(false);
    expect(await lane.offsets()).toEqual(offsets);
  });

  it('F4: an L2 ends where an L1 ends, whatever is compacted behind it meanwhile', async () => {
    await publishTwoOfLevel1();
    await lane.publishUpTo(6);
    const slow = new SlowMerger(lane.disk);
    const zombie = lane.tend({}, slow);
    await slow.hasMerged;
    await lane.publishUpTo(7);
    await lane.tend({ compaction: { ...soon, minFiles: 3 } });
    await lane.tend({ compaction: null, graceMs: 0 });
    expect(await lane.has(segmentName(6))).toBe(false);
    slow.goOn();
    expect((await zombie).compaction).toMatchObject({ first: 0, next: 4 });
    expect(await lane.offsets()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it.each([0, 1000])(
    'F5: who slept sets no floor inside an L2 that was made meanwhile (%i ms)',
    async (graceMs) => {
      const disk = new SleepingDisk();
      lane = new Lane(disk);
      await publishTwoOfLevel1();
      const asleep = disk.sleepBeforeLink();
      const zombie = lane.tend({ compaction: null, retentionMs: 0 });
      await asleep;
      await lane.tend();
      await lane.tend({ graceMs });
      expect(await lane.has(compactedName(2, 1))).toBe(graceMs > 0);
      disk.wake();
      if (graceMs > 0) expect((await zombie).floor).toBeUndefined();
      else await expect(zombie).rejects.toThrow('ENOENT');
      await lane.tend({ graceMs: 0 });
      expect(await lane.names()).toEqual([compactedName(0, 2)]);
      expect(await lane.offsets()).toEqual([0, 1, 2, 3]);
    },
  );

  it('F5: nothing is compacted across the end of a segment that is about to be retired', async () => {
    await publishTwoOfLevel1();
    const slow = new SlowMerger(lane.disk);
    const zombie = lane.tend({}, slow);
    await slow.hasMerged;
    expect((await lane.tend({ compaction: null, retentionMs: 0 })).floor).toBe(2);
    await lane.tend({ compaction: null, graceMs: 0 });
    expect(await lane.names()).toEqual([floorName(2), compactedName(2, 1)]);
    slow.goOn();
    await zombie;
    expect(await lane.offsets()).toEqual([2, 3]);
  });

  it('F5: a segment that was raised half of the way is raised on', async () => {
    const disk = new SleepingDisk();
    lane = new Lane(disk);
    await publishTwoOfLevel1();
    disk.full = compactedName(0, 5);
    await expect(lane.tend({ compaction: null, retentionMs: 0 })).rejects.toThrow('full');
    expect((await walkOf(lane)).segments.map(({ level }) => level)).toEqual([4, 1]);
    expect(await lane.offsets()).toEqual([0, 1, 2, 3]);
    disk.full = undefined;
    expect((await lane.tend({ compaction: null, retentionMs: 0 })).floor).toBe(2);
    expect(await lane.offsets()).toEqual([2, 3]);
  });

  it('F6: whoever listed L1s finds them through all of the grace of the L2 over them', async () => {
    await publishTwoOfLevel1();
    lane.nowMs += 1000;
    expect((await lane.tend()).removed).toBe(4);
    const segments = new ByteSegments(lane.disk);
    const listing = { ...(await listChain(lane.disk, LANE_FOLDER)) };
    const before = { ...listing, levels: new Map([...listing.levels].filter(([level]) => level < 2)) };
    lane.nowMs += 999;
    expect((await lane.tend()).removed).toBe(0);
    const walk = await walkChain(before, segments.footerOf);
    expect(walk.segments.map(({ level, footer }) => [level, footer.next])).toEqual([
      [1, 2],
      [1, 4],
    ]);
    lane.nowMs += 1;
    expect((await lane.tend()).removed).toBe(2);
    expect(await lane.names()).toEqual([compactedName(0, 2)]);
  });

  it('what is large, or ends before other rules, gets to the top by its names alone', async () => {
    await lane.publishUpTo(2);
    await lane.tend();
    expect((await lane.tend({ compaction: oneByOne })).compaction).toMatchObject({ next: 2, files: 1 });
    expect((await walkOf(lane)).segments.map(({ level }) => level)).toEqual([TOP_LEVEL]);
    await lane.publishUpTo(4);
    await lane.tend();
    await lane.tend({ graceMs: 0 });
    expect(await lane.names()).toEqual([compactedName(2, 1), compactedName(0, TOP_LEVEL)].sort());
    expect(await lane.offsets()).toEqual([0, 1, 2, 3]);
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

/** Lets its caller sleep before the next link, or has no room for a name. */
class SleepingDisk extends SimulatedDisk {
  full: string | undefined;
  wake: () => void = () => undefined;
  #next: (() => Promise<void>) | undefined;

  /** Resolves when somebody sleeps. */
  sleepBeforeLink(): Promise<void> {
    const awake = new Promise<void>((done) => (this.wake = done));
    return new Promise((asleep) => {
      this.#next = () => {
        asleep();
        return awake;
      };
    });
  }

  override async link(existing: string, name: string): Promise<void> {
    const sleep = this.#next;
    this.#next = undefined;
    await sleep?.();
    if (this.full !== undefined && name.endsWith(this.full)) throw new Error('The disk is full');
    return super.link(existing, name);
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
