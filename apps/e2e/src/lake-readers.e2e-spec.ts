import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBacklog, runEngine, startUp } from './support/engine.js';
import { lakeTableNames } from './support/lake-tables.js';
import type { LakeTable } from './support/lake-tables.js';
import { describeWithLakeReaders, PythonProcess } from './support/lake-readers.js';
import { repositoryRoot } from './support/repository.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const witness = `${repositoryRoot}apps/e2e/python/delta_witness.py`;
/** Small segments, soon compacted; they stay, as the witness has to see them. */
const settings = { LANES: '2', FEED_RATE: '200', SEGMENT_MAX_MS: '100', COMPACT_GRACE_MS: '3600000' };

const compactedSoon: readonly LakeTable[] = ['bronze/events', 'silver/ticks'];

interface TableReport {
  readonly versions: number;
  readonly rows: number;
  readonly complete: boolean;
  readonly compacted: number;
}
type Report = Readonly<Record<string, TableReport>>;

describeWithLakeReaders('other programs read the lake', () => {
  const dataDir = tempFolder('lake-readers');
  const lake = join(dataDir, 'lake');
  let live: Report;
  /** Whether the Delta log tells that a compacted file became part of a larger one: it went, and no row with it. */
  const isCompacted = (table: LakeTable): boolean => {
    const log = join(lake, table, '_delta_log');
    const commits = existsSync(log) ? readdirSync(log).filter((name) => /^\d+\.json$/.test(name)) : [];
    const lines = commits.flatMap((name) => readFileSync(join(log, name), 'utf8').trim().split('\n'));
    return lines
      .map(
        (line) =>
          JSON.parse(line) as { readonly remove?: { readonly path: string; readonly dataChange: boolean } },
      )
      .some(({ remove }) => remove?.dataChange === false && remove.path.endsWith('.l1.parquet'));
  };

  beforeAll(async () => {
    mkdirSync(lake, { recursive: true });
    const reader = PythonProcess.start([witness, lake, 'live']);
    const engine = await startUp(dataDir, ['--no-dashboard'], settings);
    await until('ticks are compacted', () => {
      if (engine.hasExited) throw new Error(`The engine ended by itself: ${engine.complaint}`);
      return Promise.resolve(compactedSoon.every(isCompacted));
    });
    await engine.stop('SIGTERM');
    // Goes on, and closes everything.
    await runBacklog(dataDir, settings);
    live = JSON.parse(await reader.end()) as Report;
  }, 180_000);

  it('reader-never-sees-half: deltalake and polars read each table while ticks flow and compaction runs', () => {
    expect(Object.keys(live).sort()).toEqual([...lakeTableNames].sort());
    expect(live['silver/ticks']?.versions).toBeGreaterThan(1);
  });

  it('has at every version exactly the rows of the chains, each lane further than before, and in the end all', async () => {
    const report = JSON.parse(await PythonProcess.start([witness, lake, 'all']).end()) as Report;
    expect(Object.keys(report).sort()).toEqual([...lakeTableNames].sort());
    for (const table of lakeTableNames) expect([table, report[table]?.complete]).toEqual([table, true]);
    expect(report['silver/ticks']?.rows).toBe(report['bronze/events']?.rows);
    expect(report['gold/bars']?.rows).toBeGreaterThan(0);
    expect(report['bronze/events']?.compacted).toBeGreaterThan(0);
  }, 120_000);

  describe('docs/reading-the-lake.md', () => {
    const text = readFileSync(`${repositoryRoot}docs/reading-the-lake.md`, 'utf8');
    const snippets = [...text.matchAll(/```python\n(.*?)```/gs)].map(([, code = '']) => code);
    const folder = tempFolder('reading-the-lake');

    it('has snippets that run as they stand, and count what is there', async () => {
      mkdirSync(join(folder, 'data'));
      symlinkSync(dataDir, join(folder, 'data/demo'));
      const files = await runEngine(['files', 'gold/bars', '--data', dataDir]);
      writeFileSync(join(folder, 'bars.txt'), files.stdout);
      const counted = await runEngine([
        ...['sql', '--format', 'json', '--data', dataDir],
        `SELECT (SELECT count(*) FROM gold_bars) AS bars, (SELECT count(*) FROM gold_bars_current WHERE interval = '1s') AS current`,
      ]);
      const [{ bars, current }] = JSON.parse(counted.stdout) as [{ bars: number; current: number }];
      expect(snippets).toHaveLength(6);
      const printed = await Promise.all(
        snippets.map((code) => PythonProcess.start(['-c', code], folder).end()),
      );
      expect(printed[0]).toContain(` ${current} `);
      for (const at of [1, 3, 5]) expect([at, printed[at]?.trim()]).toEqual([at, String(bars)]);
      expect(printed[2]).toContain('close');
      expect(Number(printed[4])).toBeGreaterThan(0);
    }, 120_000);
  });
});
