import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { busy, DisturbedRuns } from './support/disturbed-run.js';
import { runEngine, runUntilIdle, startUp, untilNoProcessNames } from './support/engine.js';
import { withLog } from './support/log.js';
import { untilGrown } from './support/progress.js';

const TICKS = 50_000;
/** About twice of what the log is then told to keep of a topic. */
const BEFORE = 28_000;
const paced = ['--speed', '60'];
/** Lanes are rebuilt meanwhile, on a busy machine too: of a log that keeps little, a reader who falls behind loses his place. */
const slowly = ['--speed', '20'];

const runs = new DisturbedRuns(TICKS);

/** Where each lane of a topic begins. */
const starts = (topic: string): Promise<number[]> =>
  withLog(runs.dataDir, async (log) => (await log.offsetRanges(topic)).map(({ start }) => start));

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'lanes go on from the lake after %s, without snapshots and with most of the log gone',
  async (signal) => {
    const { inputFile, dataDir } = runs;
    const engine = await startUp(dataDir, ['--file', inputFile, ...paced, '--no-dashboard'], busy);
    await untilGrown(engine, dataDir, { table: 'silver/ticks', rows: BEFORE });
    await engine.stop(signal);
    await untilNoProcessNames(dataDir);
    rmSync(join(dataDir, 'lake', '_state'), { recursive: true });

    const little = { ...busy, LOG_RETENTION_BYTES: String(1024 ** 2) };
    await runUntilIdle(dataDir, ['--file', inputFile, ...slowly], little);
    await untilNoProcessNames(dataDir);
    for (const topic of ['bronze-ticks', 'silver-ticks'])
      expect(Math.max(...(await starts(topic)))).toBeGreaterThan(0);
    await runs.expectTheSame();
    const { code, stdout, stderr } = await runEngine(['verify', '--data', dataDir]);
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  },
);
