import { join } from 'node:path';
import { differencesFromRun } from './checks/against-run.js';
import { differencesFromSql, noDifferences } from './checks/against-sql.js';
import { structuralProblems } from './checks/structure.js';
import { readOrderlyFile, writeOrderlyFile } from './input/orderly-feed.js';
import { defaultSettings } from './oracle/settings.js';
import { runFile, startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineExit, EngineProcess } from './support/engine.js';
import { Lake, withLake } from './support/lake.js';
import { commandOf, descendants, killAll, processesNaming } from './support/processes.js';
import { untilGrown } from './support/progress.js';
import { tempFolder } from './support/temp-folder.js';

const TICKS = 60_000;
const GROWTH = { table: 'silver/ticks', rows: TICKS * 0.04 } as const;
/** Many small segments and snapshots: a stop meets every step of them. */
const busy = { SEGMENT_MAX_ROWS: '2000', SEGMENT_MAX_MS: '200', SNAPSHOT_MS: '400' };

const inputFile = join(tempFolder('input'), 'orderly.ndjson');
const undisturbedDir = tempFolder('undisturbed');
let undisturbed: Lake;
let dataDir: string;

beforeAll(async () => {
  writeOrderlyFile(inputFile, TICKS);
  await runFile(undisturbedDir, inputFile);
  undisturbed = await Lake.open(undisturbedDir);
});
beforeEach(() => {
  dataDir = tempFolder('disturbed');
});
afterEach(() => {
  killAll(processesNaming(dataDir));
});
afterAll(() => {
  undisturbed.close();
});

/** Starts the engine on what is left of the file and waits until it is in the middle of its work. */
async function startInTheMiddle(...more: string[]): Promise<EngineProcess> {
  const options = ['--file', inputFile, '--speed', 'max', '--no-dashboard', ...more];
  const engine = await startUp(dataDir, options, busy);
  await untilGrown(engine, dataDir, GROWTH);
  return engine;
}

/** The rest of the file, and then nothing may be missing, twice or different. */
async function expectTheSameInTheEnd(): Promise<void> {
  await runFile(dataDir, inputFile, busy);
  await untilNoProcessNames(dataDir);
  await withLake(dataDir, async (lake) => {
    await lake.duck.run(readOrderlyFile(inputFile));
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
    expect(await differencesFromSql(lake, defaultSettings)).toEqual(noDifferences);
    expect(await differencesFromRun(lake, undisturbed)).toEqual(noDifferences);
  });
}

it('without any disturbance is what SQL finds in the file', async () => {
  await undisturbed.duck.run(readOrderlyFile(inputFile));
  expect(await structuralProblems(undisturbed, defaultSettings)).toEqual([]);
  expect(await differencesFromSql(undisturbed, defaultSettings)).toEqual(noDifferences);
});

it('clean-stop-loses-nothing: SIGTERM and SIGINT in the middle, again and again', async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM', 'SIGINT'] as const) {
    const engine = await startInTheMiddle();
    const exit: EngineExit = await engine.stop(signal);
    expect({ code: exit.code, signal: exit.signal }).toEqual({ code: 0, signal: null });
    await untilNoProcessNames(dataDir);
  }
  await expectTheSameInTheEnd();
});

it('a clean stop before all is done is no failed check', async () => {
  const engine = await startInTheMiddle('--until-idle');
  const { code, signal } = await engine.stop('SIGTERM');
  expect({ code, signal }).toEqual({ code: 0, signal: null });
  await expectTheSameInTheEnd();
});

it('no child outlives a killed parent, and nothing is lost by it', async () => {
  for (let kill = 0; kill < 4; kill++) {
    const engine = await startInTheMiddle();
    expect(descendants(engine.pid).length).toBeGreaterThanOrEqual(4);
    const exit = await engine.stop('SIGKILL');
    expect(exit.signal).toBe('SIGKILL');
    await untilNoProcessNames(dataDir);
  }
  await expectTheSameInTheEnd();
});

it('no-row-twice: every process of the engine killed at one time', async () => {
  for (let kill = 0; kill < 2; kill++) {
    const engine = await startInTheMiddle();
    killAll([engine.pid, ...descendants(engine.pid)]);
    await engine.exited;
    await untilNoProcessNames(dataDir);
  }
  await expectTheSameInTheEnd();
});

it.each(['producer', 'bronze', 'silver', 'gold'])('nothing is lost when %s alone is killed', async (app) => {
  const engine = await startInTheMiddle();
  const victims = descendants(engine.pid).filter((pid) => commandOf(pid).includes(`apps/${app}/`));
  expect(victims).toHaveLength(1);
  killAll(victims);
  await Promise.race([engine.exited, untilGrown(engine, dataDir, GROWTH).catch(() => engine.exited)]);
  if (!engine.hasExited) await engine.stop('SIGTERM');
  await untilNoProcessNames(dataDir);
  await expectTheSameInTheEnd();
});
