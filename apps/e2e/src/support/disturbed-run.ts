import { join } from 'node:path';
import { differencesFromRun } from '../checks/against-run.js';
import { differencesFromSql, noDifferences } from '../checks/against-sql.js';
import { structuralProblems } from '../checks/structure.js';
import { readOrderlyFile, writeOrderlyFile } from '../input/orderly-feed.js';
import { defaultSettings } from '@engine/oracle';
import { runFile } from './engine.js';
import { Lake, withLake } from './lake.js';
import { killAll, processesNaming } from './processes.js';
import { tempFolder } from './temp-folder.js';

/** Many small segments and snapshots: whatever disturbs a run meets every step of them. */
export const busy = { SEGMENT_MAX_ROWS: '2000', SEGMENT_MAX_MS: '200', SNAPSHOT_MS: '400' };

/** An orderly file, what the engine makes of it when nobody disturbs it, and a folder for each test that does. */
export class DisturbedRuns {
  readonly inputFile = join(tempFolder('input'), 'orderly.ndjson');
  #undisturbed: Lake | undefined;
  #dataDir = '';

  /** To be made at the top of a suite: the file is processed before its first test. */
  constructor(ticks: number) {
    beforeAll(async () => {
      const folder = tempFolder('undisturbed');
      writeOrderlyFile(this.inputFile, ticks);
      await runFile(folder, this.inputFile);
      this.#undisturbed = await Lake.open(folder);
    });
    beforeEach(() => {
      this.#dataDir = tempFolder('disturbed');
    });
    afterEach(() => {
      killAll(processesNaming(this.#dataDir));
    });
    afterAll(() => {
      this.#undisturbed?.close();
    });
  }

  /** Of the test that runs. */
  get dataDir(): string {
    return this.#dataDir;
  }

  get undisturbed(): Lake {
    return this.#undisturbed!;
  }

  /** The undisturbed run is what SQL finds in the file. */
  async expectUndisturbedRight(): Promise<void> {
    await this.#expectRight(this.undisturbed);
  }

  /** Nothing is missing, twice or different in the folder of the test that runs. */
  async expectTheSame(): Promise<void> {
    await withLake(this.dataDir, async (lake) => {
      await this.#expectRight(lake);
      expect(await differencesFromRun(lake, this.undisturbed)).toEqual(noDifferences);
    });
  }

  async #expectRight(lake: Lake): Promise<void> {
    await lake.duck.run(readOrderlyFile(this.inputFile));
    expect(await structuralProblems(lake, defaultSettings)).toEqual([]);
    expect(await differencesFromSql(lake, defaultSettings)).toEqual(noDifferences);
  }
}
