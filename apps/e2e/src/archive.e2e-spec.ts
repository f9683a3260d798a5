import { join } from 'node:path';
import { differencesFromSql, noDifferences } from './checks/against-sql.js';
import { readOrderlyFile, writeOrderlyFile } from './input/orderly-feed.js';
import { defaultSettings } from '@engine/oracle';
import { runEngine, runFile } from './support/engine.js';
import { withLake } from './support/lake.js';
import { tempFolder } from './support/temp-folder.js';

const otherRules = { SILVER_ROWS: '7' };
const settings = { ...defaultSettings, silverRows: 7 };

it('other rules are refused on a lake that has rows of the old ones, and take a new lake after it was archived', async () => {
  const dataDir = tempFolder('archive');
  const inputFile = join(tempFolder('input'), 'orderly.ndjson');
  writeOrderlyFile(inputFile, 5_000);
  await runFile(dataDir, inputFile);

  const again = [
    'up',
    '--file',
    inputFile,
    '--speed',
    'max',
    '--until-idle',
    '--no-dashboard',
    '--data',
    dataDir,
  ];
  const refused = await runEngine(again, otherRules);
  expect(refused.code).toBe(78);
  expect(refused.stdout + refused.stderr).toMatch(
    /was last run under the rules .*engine backfill --layer silver/s,
  );

  const archived = await runEngine(['lake', 'archive', '--data', dataDir]);
  expect({ code: archived.code, stderr: archived.stderr }).toEqual({ code: 0, stderr: '' });
  await runFile(dataDir, inputFile, otherRules);

  const verified = await runEngine(['verify', '--data', dataDir], otherRules);
  expect({ code: verified.code, said: verified.code === 0 ? '' : verified.stdout }).toEqual({
    code: 0,
    said: '',
  });
  await withLake(dataDir, async (lake) => {
    await lake.duck.run(readOrderlyFile(inputFile));
    expect(await differencesFromSql(lake, settings)).toEqual(noDifferences);
  });
});
