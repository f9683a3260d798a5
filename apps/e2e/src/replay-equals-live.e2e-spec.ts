import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differencesFromRun } from './checks/against-run.js';
import { noDifferences } from './checks/against-sql.js';
import { chainContents } from './checks/chain-contents.js';
import { structuralProblems } from './checks/structure.js';
import { MessyFeed } from './input/messy-feed.js';
import { writeOrderlyFile } from './input/orderly-feed.js';
import { defaultSettings, Random } from '@engine/oracle';
import { runBacklog, runFile } from './support/engine.js';
import { Lake } from './support/lake.js';
import { lakeTableNames } from './support/lake-tables.js';
import { tempFolder } from './support/temp-folder.js';

describe('replay-equals-live', () => {
  let live: Lake;
  let liveDir: string;

  beforeAll(async () => {
    liveDir = tempFolder('live');
    const file = join(liveDir, 'messy.ndjson');
    const lines = new MessyFeed(new Random(11)).records(8_000).map(({ value }) => `${value.toString()}\n`);
    writeFileSync(file, lines.join(''));
    await runFile(liveDir, file);
    live = await Lake.open(liveDir);
  });
  afterAll(() => {
    live.close();
  });

  it.each([
    { SEGMENT_MAX_ROWS: '700', SEGMENT_MAX_MS: '100', SNAPSHOT_MS: '150' },
    { SEGMENT_MAX_ROWS: '1000000', SEGMENT_MAX_MS: '600000', SNAPSHOT_MS: '600000' },
    { SEGMENT_MAX_ROWS: '5000', SEGMENT_MAX_MS: '300', SNAPSHOT_MS: '500', COMPACT: 'off' },
  ])('gives the same rows, hash for hash, from the same log with %j', async (settings) => {
    const dataDir = tempFolder('replay');
    cpSync(join(liveDir, 'log'), join(dataDir, 'log'), { recursive: true });
    await runBacklog(dataDir, settings);
    const replay = await Lake.open(dataDir);
    try {
      expect(Object.keys(chainContents(live)).length).toBeGreaterThanOrEqual(4 * lakeTableNames.length - 4);
      expect(chainContents(replay)).toEqual(chainContents(live));
      expect(await structuralProblems(replay, defaultSettings)).toEqual([]);
    } finally {
      replay.close();
    }
  });

  it('has footers whose content is the content: other rows, other sums', async () => {
    const dataDir = tempFolder('other');
    const file = join(dataDir, 'other.ndjson');
    writeFileSync(
      file,
      new MessyFeed(new Random(12))
        .records(1_000)
        .map(({ value }) => `${value.toString()}\n`)
        .join(''),
    );
    await runFile(dataDir, file);
    const other = await Lake.open(dataDir);
    expect(chainContents(other)).not.toEqual(chainContents(live));
    other.close();
  });
});

it('a log written anew gives the same, but for coordinates and revisions', async () => {
  const file = join(tempFolder('input'), 'orderly.ndjson');
  writeOrderlyFile(file, 40_000, 5);
  const settings = [{}, { SEGMENT_MAX_ROWS: '900', SEGMENT_MAX_MS: '100', SNAPSHOT_MS: '200' }];
  const lakes: Lake[] = [];
  for (const env of settings) {
    const dataDir = tempFolder('anew');
    await runFile(dataDir, file, env);
    lakes.push(await Lake.open(dataDir));
  }
  const [first, second] = lakes;
  expect(await differencesFromRun(first!, second!)).toEqual(noDifferences);
  for (const lake of lakes) lake.close();
});
