import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chainContents } from './checks/chain-contents.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { defaultSettings, Random } from '@engine/oracle';
import { runBacklog, runEngine, startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineProcess } from './support/engine.js';
import { withLake } from './support/lake.js';
import { lateSends, outputTopic } from './support/late-sends.js';
import { isWritable, publish, readTopic } from './support/log.js';
import type { Outgoing } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { ProgressMeter } from './support/progress-meter.js';
import type { Layer } from './support/progress-meter.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';
import { Zombie } from './support/zombie.js';

/** So many that a backlog is there: while one batch is being worked on, the rows of the one before are published. */
const BURST = 30_000;
const SENDS = 10;
const PARTITIONS = 4;
const MOST_TRIES = 20;
/** A backlog is worked off sooner. */
const AT_WORK_MS = 10_000;
const MOST_WORK_MS = 150;
/** Ten seconds for the lease to run out, and the work; more on a busy machine. */
const TAKE_OVER_MS = 120_000;
/** What it has at hand it does at once. */
const LATE_MS = 15_000;
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

type Late = 'segment' | 'send';
type Outcome = 'seen' | 'was not caught at work' | 'held the log' | 'was not taken over' | 'was not late';

const layersInOrder: readonly Layer[] = ['bronze', 'silver', 'gold'];
const before = (layer: Layer): readonly Layer[] => layersInOrder.slice(0, layersInOrder.indexOf(layer));

describe(`an instance that is stopped, taken for dead, and goes on (ZOMBIE_SEED=${seed})`, () => {
  const random = new Random(seed);
  const feed = new MessyFeed(random);
  let dataDir: string;
  let engine: EngineProcess;
  let meter: Awaited<ReturnType<typeof ProgressMeter.open>>;

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

  /** Everything that came in has gone through these layers, one after the other, and is published. */
  async function isDone(layers: readonly Layer[]): Promise<boolean> {
    for (const each of layers)
      if ((await meter.behind(each, await meter.inputEnds(each))).length > 0) return false;
    return true;
  }

  /** Burdens it with work that came while it stood still. False when it holds the log's lock, and no work can come. */
  async function burden(zombie: Zombie): Promise<boolean> {
    await zombie.stop();
    try {
      if (!(await isWritable(meter.log, outputTopic(zombie.layer)))) return false;
      await burst();
      await until('its input is there', () => isDone(before(zombie.layer)), TAKE_OVER_MS);
      return true;
    } finally {
      zombie.wake();
    }
  }

  /** Stops it as soon as a segment of its lanes is on its way to its name. False when there was no such moment. */
  async function stopPublishing(zombie: Zombie, lanes: readonly number[]): Promise<boolean> {
    const deadline = Date.now() + AT_WORK_MS;
    while (Date.now() < deadline) {
      await new Promise((next) => setImmediate(next));
      if (zombie.segmentsAtHand(lanes).length === 0) continue;
      await zombie.stop();
      if (zombie.segmentsAtHand(lanes).length > 0) return true;
      zombie.wake();
    }
    return false;
  }

  /** Stops it some moment after it began to work: most of the time goes to what it does with rows before it sends them on. */
  async function stopWorking(zombie: Zombie): Promise<boolean> {
    await delay(random.integer(5, MOST_WORK_MS));
    await zombie.stop();
    return true;
  }

  /**
   * One try: stopped in the middle, its lanes taken over and worked on to the end by the other, then let go on. Says whether it
   * was seen to be late, or what came between. One that was stopped while it held the log's lock keeps the others from
   * sending: then there is nothing to see, and it is let go on.
   */
  async function haunt(zombie: Zombie, what: Late): Promise<Outcome> {
    const { layer } = zombie;
    const topic = outputTopic(layer);
    const lanes = await until(`${layer} shares the lanes`, async () => {
      const own = await zombie.lanes();
      return own.length > 0 && own.length < PARTITIONS && own;
    });
    await until(`${topic} is there`, async () => (await meter.ends(topic)).length > 0);
    if (!(await burden(zombie))) return 'held the log';
    if (!(await (what === 'segment' ? stopPublishing(zombie, lanes) : stopWorking(zombie))))
      return 'was not caught at work';
    try {
      if (!(await isWritable(meter.log, topic))) return 'held the log';
      await burst();
      const takenOver = until(
        'the other has done it all',
        () => isDone([...before(layer), layer]),
        TAKE_OVER_MS,
      );
      if (!(await takenOver.catch(() => false))) return 'was not taken over';
      return (await (what === 'segment' ? publishesLate(zombie) : sendsLate(zombie)))
        ? 'seen'
        : 'was not late';
    } finally {
      zombie.wake();
    }
  }

  /** Wakes it: a segment that it had at hand is another's by now. */
  async function publishesLate(zombie: Zombie): Promise<boolean> {
    const { refusedSegments } = zombie;
    zombie.wake();
    const isRefused = (): boolean => zombie.refusedSegments > refusedSegments;
    return until('a segment of its own is refused', isRefused, LATE_MS).catch(() => false);
  }

  /** Wakes it when all is done: whatever is sent of old rows from then on is its own. */
  async function sendsLate(zombie: Zombie): Promise<boolean> {
    const { layer } = zombie;
    const topic = outputTopic(layer);
    const sent = await meter.ends(topic);
    zombie.wake();
    const isSent = async (): Promise<boolean> =>
      (await meter.ends(topic)).some((end, partition) => end > (sent[partition] ?? 0));
    if (!(await until('something is sent', isSent, LATE_MS).catch(() => false))) return false;
    return lateSends(layer, await readTopic(dataDir, topic), sent).length > 0;
  }

  it.each(layersInOrder)(
    '%s comes back with a segment and with a send of a time that is over',
    async (layer) => {
      const zombie = await Zombie.join(layer, dataDir, busy);
      for (const what of ['segment', 'send'] as const) {
        const tries: Outcome[] = [];
        while (tries.length < MOST_TRIES && tries.at(-1) !== 'seen') tries.push(await haunt(zombie, what));
        process.stderr.write(`${layer}, a late ${what}: ${tries.join(', ')}\n`);
        expect(tries).toContain('seen');
      }
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
