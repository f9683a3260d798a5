import { busy, DisturbedRuns } from './support/disturbed-run.js';
import { runFile, startUp, untilNoProcessNames } from './support/engine.js';
import type { EngineExit, EngineProcess } from './support/engine.js';
import { descendants } from './support/processes.js';
import { untilGrown } from './support/progress.js';

const TICKS = 60_000;
const GROWTH = { table: 'silver/ticks', rows: TICKS * 0.04 } as const;

const runs = new DisturbedRuns(TICKS);

/** Starts the engine on what is left of the file and waits until it is in the middle of its work. */
async function startInTheMiddle(...more: string[]): Promise<EngineProcess> {
  const options = ['--file', runs.inputFile, '--speed', 'max', '--no-dashboard', ...more];
  const engine = await startUp(runs.dataDir, options, busy);
  await untilGrown(engine, runs.dataDir, GROWTH);
  return engine;
}

/** The rest of the file, and then nothing may be missing, twice or different. */
async function expectTheSameInTheEnd(): Promise<void> {
  await runFile(runs.dataDir, runs.inputFile, busy);
  await untilNoProcessNames(runs.dataDir);
  await runs.expectTheSame();
}

it('without any disturbance is what SQL finds in the file', () => runs.expectUndisturbedRight());

it('clean-stop-loses-nothing: SIGTERM and SIGINT in the middle, again and again', async () => {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGTERM', 'SIGINT'] as const) {
    const engine = await startInTheMiddle();
    const exit: EngineExit = await engine.stop(signal);
    expect({ code: exit.code, signal: exit.signal }).toEqual({ code: 0, signal: null });
    await untilNoProcessNames(runs.dataDir);
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
  for (let kill = 0; kill < 3; kill++) {
    const engine = await startInTheMiddle();
    expect(descendants(engine.pid).length).toBeGreaterThanOrEqual(4);
    const exit = await engine.stop('SIGKILL');
    expect(exit.signal).toBe('SIGKILL');
    await untilNoProcessNames(runs.dataDir);
  }
  await expectTheSameInTheEnd();
});
