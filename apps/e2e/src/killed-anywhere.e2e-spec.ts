import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, Random } from '@engine/oracle';
import { bronzeDifferences } from './checks/bronze.js';
import type { ExpectedRecord } from './checks/bronze.js';
import { chainContents } from './checks/chain-contents.js';
import { swappedTicks } from './checks/order.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { runBacklog, runEngine, runFile, startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineProcess } from './support/engine.js';
import { apps, Killer, preyOf } from './support/killer.js';
import type { Kill, Victim } from './support/killer.js';
import { Lake, withLake } from './support/lake.js';
import { LakeWatcher } from './support/lake-watcher.js';
import { readTopic, STOCK_TICKS } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { ProgressMeter } from './support/progress-meter.js';
import { tempFolder } from './support/temp-folder.js';

const RECORDS = 200_000;
/** Half a second of event time between two records: see `MessyFeed`. */
const RECORDS_PER_EVENT_SECOND = 2;
/** A replay that begins at a late tick first waits for up to an hour of the ticks' time: so fast it is nothing. */
const SLOWEST = 250;
/** Each waits for as many rows as are over 2 % of the victim's in the end, whatever that is. */
const PROGRESS = RECORDS * 0.025;
const KILLS_OF_AN_APP = 5;
const KILLS_OF_EVERYTHING = 4;
/** Many segments and snapshots: a kill meets every step of them. */
const busy = { SEGMENT_MAX_ROWS: '2000', SEGMENT_MAX_MS: '300', SNAPSHOT_MS: '700' };

const seed = Number(process.env['KILL_SEED'] ?? 20_261_123);

/** All apps in turn, each time in another order, and everything at one time in between. */
function schedule(random: Random): Victim[] {
  const rounds = Array.from({ length: KILLS_OF_AN_APP }, () => random.shuffled(apps));
  return rounds.flatMap((round, at): Victim[] =>
    at < KILLS_OF_EVERYTHING ? ['everything', ...round] : round,
  );
}

describe(`200,000 records as bad as they come, and kill -9 all along (KILL_SEED=${seed})`, () => {
  const random = new Random(seed);
  const input = new MessyFeed(random).records(RECORDS);
  const victims = schedule(random);
  let dataDir: string;
  let file: string;
  let watcher: LakeWatcher;
  let kills: readonly Kill[];
  let records: ExpectedRecord[];
  let lake: Lake;
  let isDone = false;

  beforeAll(async () => {
    dataDir = tempFolder('killed');
    file = join(dataDir, 'messy.ndjson');
    writeFileSync(file, Buffer.concat(input.flatMap(({ value }) => [value, Buffer.from('\n')])));
    watcher = await LakeWatcher.start(dataDir);
    try {
      kills = await killAllAlong();
      await runFile(dataDir, file, busy);
      await untilNoProcessNames(dataDir);
    } finally {
      await watcher.stop();
    }
    lake = await Lake.open(dataDir);
    isDone = true;
  }, 1_800_000);
  afterAll(() => {
    killAll(processesNaming(dataDir));
    if (isDone) lake.close();
  });

  async function killAllAlong(): Promise<readonly Kill[]> {
    const meter = await ProgressMeter.open(dataDir);
    const killer = new Killer(meter, RECORDS);
    const began = performance.now();
    let engine: EngineProcess | undefined;
    for (const victim of victims) {
      const secondsAKill = (performance.now() - began) / 1_000 / Math.max(1, killer.kills.length);
      engine ??= await startPaced(
        RECORDS - (await meter.done('producer')),
        killer.kills.length,
        secondsAKill,
      );
      await killUntilHit(killer, engine, victim);
      if (victim !== 'everything') continue;
      await engine.exited;
      await untilNoProcessNames(dataDir);
      engine = undefined;
    }
    await meter.close();
    expect((await engine?.stop('SIGTERM'))?.code).toBe(0);
    await untilNoProcessNames(dataDir);
    return killer.kills;
  }

  /** A kill that hit nothing does not count: then the next moment is waited for. */
  async function killUntilHit(killer: Killer, engine: EngineProcess, victim: Victim): Promise<void> {
    for (let tries = 1; tries <= 5; tries++) {
      const { hit } = await killer.kill(preyOf(engine), victim, PROGRESS);
      // What was killed altogether is not there for another try.
      if (hit.length > 0 || victim === 'everything') return;
    }
  }

  /** So fast that two thirds of what is left last for the kills that are left, however busy the machine is. */
  function startPaced(recordsLeft: number, kill: number, secondsAKill: number): Promise<EngineProcess> {
    const seconds = Math.max(secondsAKill, 2) * (victims.length - kill);
    const speed = Math.max(SLOWEST, ((recordsLeft / RECORDS_PER_EVENT_SECOND) * (2 / 3)) / seconds);
    return startUp(dataDir, ['--file', file, '--speed', speed.toFixed(1), '--no-dashboard'], busy);
  }

  it('killed each app, and all of them, in the middle of its work', async () => {
    const inTheEnd = {
      producer: RECORDS,
      bronze: await rowsIn(lake, 'bronze_events'),
      silver: await rowsIn(lake, 'silver_ticks'),
      gold: await rowsIn(lake, 'gold_bars'),
    };
    const hits = kills.filter(({ hit }) => hit.length > 0);
    expect(hits.map(({ victim }) => victim)).toEqual(victims);
    expect(hits.length).toBeGreaterThanOrEqual(20);
    for (const { victim, progress, hit } of hits) {
      const app = victim === 'everything' ? 'silver' : victim;
      expect(progress / inTheEnd[app]).toBeGreaterThanOrEqual(0.02);
      expect(hit).toContain(app);
    }
  });

  it('reader-never-sees-half: never an error, never less than before, never anything else', () => {
    expect(watcher.problems).toEqual([]);
    expect(watcher.passes).toBeGreaterThan(kills.length);
  });

  it('no-row-lost, no-row-twice: each line of the file is in the log once, in bronze once, as it was', async () => {
    const published = await readTopic(dataDir, STOCK_TICKS);
    published.sort((a, b) => Number(a.headers['row']) - Number(b.headers['row']));
    expect(published.map(({ headers }) => Number(headers['row']))).toEqual(input.map((_, row) => row));
    records = input.map((one, at) => ({ ...one, published: published[at]! }));
    expect(await bronzeDifferences(lake, records)).toEqual([]);
  });

  it('chain-contiguous, ledger-balanced', async () => {
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
  });

  it('order-per-symbol: ticks of one partition are decided in the order of the file', async () => {
    expect(await swappedTicks(lake)).toEqual([]);
  });

  it('replay-equals-live: a run without kills over the same log gives the same rows, hash for hash', async () => {
    const undisturbedDir = tempFolder('undisturbed');
    cpSync(join(dataDir, 'log'), join(undisturbedDir, 'log'), { recursive: true });
    await runBacklog(undisturbedDir);
    await withLake(undisturbedDir, (undisturbed) => {
      expect(chainContents(lake)).toEqual(chainContents(undisturbed));
      return Promise.resolve();
    });
  });

  it('engine verify finds nothing', async () => {
    const { code, stdout } = await runEngine(['verify', '--data', dataDir]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('The lake holds') as string,
    });
  });
});

async function rowsIn(lake: Lake, view: string): Promise<number> {
  return (await lake.duck.row<{ n: number }>(`SELECT count(*) AS n FROM ${view}`)).n;
}
