import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { differencesFromRun } from './checks/against-run.js';
import { differencesFromSql, noDifferences } from './checks/against-sql.js';
import { structuralProblems } from './checks/structure.js';
import { readOrderlyFile, writeOrderlyFile } from './input/orderly-feed.js';
import { defaultSettings } from './oracle/settings.js';
import { runEngine, runFile, runUntilIdle, startUp, untilNoProcessNames } from './support/engine.js';
import { Lake, withLake } from './support/lake.js';
import { withLog } from './support/log.js';
import { killAll, processesNaming } from './support/processes.js';
import { untilGrown } from './support/progress.js';
import { tempFolder } from './support/temp-folder.js';

const TICKS = 50_000;
/** About twice of what the log is then told to keep of a topic. */
const BEFORE = 28_000;
const busy = { SEGMENT_MAX_ROWS: '2000', SEGMENT_MAX_MS: '200', SNAPSHOT_MS: '400' };
/** As fast as the layers follow with ease: of a log that keeps little, a reader who falls behind loses his place. */
const paced = ['--speed', '60'];

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

/** Where each lane of a topic begins. */
const starts = (topic: string): Promise<number[]> =>
  withLog(dataDir, async (log) => (await log.offsetRanges(topic)).map(({ start }) => start));

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'lanes go on from the lake after %s, without snapshots and with most of the log gone',
  async (signal) => {
    const engine = await startUp(dataDir, ['--file', inputFile, ...paced, '--no-dashboard'], busy);
    await untilGrown(engine, dataDir, { table: 'silver/ticks', rows: BEFORE });
    await engine.stop(signal);
    await untilNoProcessNames(dataDir);
    rmSync(join(dataDir, 'lake', '_state'), { recursive: true });

    const little = { ...busy, LOG_RETENTION_BYTES: String(1024 ** 2) };
    await runUntilIdle(dataDir, ['--file', inputFile, ...paced], little);
    await untilNoProcessNames(dataDir);
    for (const topic of ['bronze-ticks', 'silver-ticks'])
      expect(Math.max(...(await starts(topic)))).toBeGreaterThan(0);
    await withLake(dataDir, async (lake) => {
      await lake.duck.run(readOrderlyFile(inputFile));
      expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
      expect(await differencesFromSql(lake, defaultSettings)).toEqual(noDifferences);
      expect(await differencesFromRun(lake, undisturbed)).toEqual(noDifferences);
    });
    const { code, stdout, stderr } = await runEngine(['verify', '--data', dataDir]);
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  },
);
