import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '@engine/oracle';
import { busy, DisturbedRuns } from './support/disturbed-run.js';
import { Duck } from './support/duck.js';
import { runEngine, runUntilIdle, startUp, untilNoProcessNames } from './support/engine.js';
import { lakeTableNames } from './support/lake-tables.js';
import { isCompacted, lanesOf } from './support/lake-walk.js';
import { publishedRows } from './support/progress.js';
import { until } from './support/until.js';

const TICKS = 40_000;
/** The whole engine is killed so many times, each time after it has compacted something. */
const KILLS = Number(process.env['COMPACTION_KILLS'] ?? 8);
const settings = { ...busy, COMPACT_GRACE_MS: '2000' };
const paced = ['--speed', '20'];

const runs = new DisturbedRuns(TICKS);

/** The compacted files that were ever seen: those of a lower level go again. */
class Compactions {
  readonly #seen = new Set<string>();

  constructor(private readonly lakeDir: string) {}

  look(): number {
    for (const table of lakeTableNames)
      for (const lane of lanesOf(this.lakeDir, table))
        for (const name of readdirSync(join(this.lakeDir, table, `lane=${lane}`)))
          if (isCompacted(name)) this.#seen.add(`${table}/${lane}/${name}`);
    return this.#seen.size;
  }
}

/** Rows by table, as a reader finds them. */
async function rowsOf(duck: Duck, dataDir: string): Promise<number[]> {
  const rows: number[] = [];
  for (const table of lakeTableNames)
    rows.push(existsSync(join(dataDir, 'lake', table)) ? await publishedRows(duck, dataDir, table) : 0);
  return rows;
}

it(
  'no-row-lost, no-row-twice: the engine killed while it compacts, again and again',
  async () => {
    const { inputFile, dataDir } = runs;
    const random = new Random(8);
    const duck = await Duck.open();
    const compactions = new Compactions(join(dataDir, 'lake'));
    let rows = lakeTableNames.map(() => 0);
    for (let kill = 0; kill < KILLS; kill++) {
      const engine = await startUp(dataDir, ['--file', inputFile, ...paced, '--no-dashboard'], settings);
      const wanted = compactions.look() + random.integer(1, 4);
      await until(`${wanted} files are compacted`, () => {
        if (engine.hasExited) throw new Error(`The engine ended by itself: ${engine.complaint}`);
        return Promise.resolve(compactions.look() >= wanted);
      });
      await engine.stop('SIGKILL');
      await untilNoProcessNames(dataDir);
      const now = await rowsOf(duck, dataDir);
      // What was published stays published.
      expect(now.every((count, at) => count >= rows[at]!)).toBe(true);
      rows = now;
    }
    duck.close();
    await runUntilIdle(dataDir, ['--file', inputFile, '--speed', 'max'], settings);
    await untilNoProcessNames(dataDir);
    expect(compactions.look()).toBeGreaterThanOrEqual(KILLS);
    await runs.expectTheSame();
    const { code, stdout, stderr } = await runEngine(['verify', '--data', dataDir]);
    expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
  },
  60_000 * (KILLS + 5),
);
