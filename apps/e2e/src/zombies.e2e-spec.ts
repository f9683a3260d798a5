import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { chainContents } from './checks/chain-contents.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { defaultSettings, Random } from '@engine/oracle';
import { runBacklog, runEngine, startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineProcess } from './support/engine.js';
import { withLake } from './support/lake.js';
import { lateSends, outputTopic } from './support/late-sends.js';
import { publish, readTopic } from './support/log.js';
import type { Outgoing } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { ProgressMeter } from './support/progress-meter.js';
import type { Layer } from './support/progress-meter.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';
import { Zombie } from './support/zombie.js';

/** So many that a backlog builds up: while one batch is being worked on, the rows of the one before are published. */
const BURST = 30_000;
const SENDS = 10;
const PARTITIONS = 4;
const MOST_TRIES = 8;
/** Ten seconds for the lease to run out, and the work; more on a busy machine. */
const TAKE_OVER_MS = 120_000;
/** What it has at hand it does at once. */
const LATE_MS = 30_000;
const seed = Number(process.env['ZOMBIE_SEED'] ?? 20_261_123);
/**
 * Segments are cut by time, often: a stop finds one on its way to its name, and the layer not waiting for it. Nothing is
 * compacted: what that has at hand is refused to nobody.
 */
const busy = {
  SEGMENT_MAX_ROWS: '50000',
  SEGMENT_MAX_MS: '60',
  SNAPSHOT_MS: '700',
  COMPACT: 'off',
  FEED: 'none',
};

const layersInOrder: readonly Layer[] = ['bronze', 'silver', 'gold'];

describe(`an instance that is stopped, taken for dead, and goes on (ZOMBIE_SEED=${seed})`, () => {
  const random = new Random(seed);
  const feed = new MessyFeed(random);
  let dataDir: string;
  let engine: EngineProcess;
  let meter: ProgressMeter;

  beforeAll(async () => {
    dataDir = tempFolder('zombies');
    engine = await startUp(dataDir, ['--no-dashboard'], busy);
    meter = await ProgressMeter.open(dataDir);
    await until('the engine runs', () => engine.output.includes('The engine is running'));
  });
  afterAll(async () => {
    killAll(processesNaming(dataDir));
    await meter.close();
  });

  async function burst(): Promise<void> {
    const records = feed
      .records(BURST)
      .map(({ value }): Outgoing => ({ value, partition: random.integer(0, PARTITIONS - 1) }));
    const size = BURST / SENDS;
    const sends = Array.from({ length: SENDS }, (_, at) => records.slice(at * size, (at + 1) * size));
    await publish(dataDir, sends);
  }

  /** Everything that came in has gone through all layers up to this one, and is published. */
  async function isDone(layer: Layer): Promise<boolean> {
    for (const each of layersInOrder.slice(0, layersInOrder.indexOf(layer) + 1))
      if ((await meter.behind(each, await meter.inputEnds(each))).length > 0) return false;
    return true;
  }

  /** Stops it when a segment of its lanes is on its way to its name. False when there was no such moment in this burst. */
  async function stopAtWork(zombie: Zombie, lanes: readonly number[]): Promise<boolean> {
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      await new Promise((next) => setImmediate(next));
      if (zombie.segmentsAtHand(lanes).length === 0) continue;
      await zombie.stop();
      if (zombie.segmentsAtHand(lanes).length > 0) return true;
      zombie.wake();
    }
    return false;
  }

  /**
   * One try: stopped in the middle, its lanes taken over and worked on to the end by the other, then let go on. True when it
   * was seen to have been about to publish and to send. One that was stopped while it held the log's lock keeps the others
   * from sending: then there is nothing to see, and it is let go on.
   */
  async function haunt(zombie: Zombie): Promise<boolean> {
    const { layer } = zombie;
    const topic = outputTopic(layer);
    const lanes = await until(`${layer} shares the lanes`, async () => {
      const own = await zombie.lanes();
      return own.length > 0 && own.length < PARTITIONS && own;
    });
    await until(`${topic} is there`, async () => (await meter.ends(topic)).length > 0);
    const [, isStopped] = await Promise.all([burst(), stopAtWork(zombie, lanes)]);
    if (!isStopped) return false;
    try {
      if (!(await meter.isWritable(topic))) return false;
      await burst();
      const isTakenOver = until('the other has done it all', () => isDone(layer), TAKE_OVER_MS);
      return (await isTakenOver.catch(() => false)) && (await comesLate(zombie));
    } finally {
      zombie.wake();
    }
  }

  /** Wakes it when all is done: whatever is sent of old rows from then on is its own. */
  async function comesLate(zombie: Zombie): Promise<boolean> {
    const { layer, refusedSegments } = zombie;
    const topic = outputTopic(layer);
    const sent = await meter.ends(topic);
    zombie.wake();
    const isRefused = (): boolean => zombie.refusedSegments > refusedSegments;
    if (!(await until('a segment of its own is refused', isRefused, LATE_MS).catch(() => false)))
      return false;
    return lateSends(layer, await readTopic(dataDir, topic), sent).length > 0;
  }

  it.each(layersInOrder)(
    '%s comes back with a segment and a send of a time that is over',
    async (layer) => {
      const zombie = await Zombie.start(layer, dataDir, busy);
      let isSeen = false;
      for (let tries = 1; !isSeen && tries <= MOST_TRIES; tries++) isSeen = await haunt(zombie);
      expect({ layer, isSeen }).toEqual({ layer, isSeen: true });
      expect(await zombie.end()).toBe(0);
    },
    1_800_000,
  );

  it('no-row-lost, no-row-twice: and in the end all is as if nothing had been', async () => {
    expect((await engine.stop('SIGTERM')).code).toBe(0);
    await runBacklog(dataDir, busy);
    await untilNoProcessNames(dataDir);
    const undisturbedDir = tempFolder('undisturbed');
    cpSync(join(dataDir, 'log'), join(undisturbedDir, 'log'), { recursive: true });
    await runBacklog(undisturbedDir);
    await withLake(dataDir, async (lake) => {
      expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
      await withLake(undisturbedDir, (undisturbed) => {
        expect(chainContents(lake)).toEqual(chainContents(undisturbed));
        return Promise.resolve();
      });
    });
    const { code, stdout } = await runEngine(['verify', '--data', dataDir]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('The lake holds') as string,
    });
  }, 1_800_000);
});
