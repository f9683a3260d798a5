import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { laneOf } from '@engine/oracle';
import { runBacklog, runEngine } from './support/engine.js';
import type { EngineExit } from './support/engine.js';
import { publish } from './support/log.js';
import { tempFolder } from './support/temp-folder.js';

const LANES = 4;
const symbols = Array.from({ length: 24 }, (_, at) => `S${at}`);

async function makeLake(): Promise<string> {
  const dataDir = tempFolder('verify-threads');
  const messages = Array.from({ length: 1_200 }, (_, at) => {
    const ticker = symbols[at % symbols.length]!;
    const tick = { ticker, price: 100 + (at % 17), timestamp: 1_700_000_000 + at, id: at };
    return [{ partition: at % LANES, value: at % 50 === 49 ? 'no tick' : JSON.stringify(tick) }];
  });
  await publish(dataDir, messages);
  await runBacklog(dataDir);
  return dataDir;
}

const verify = (dataDir: string, threads: number): Promise<EngineExit> =>
  runEngine(['verify', '--data', dataDir, '--threads', String(threads)]);

/** Puts another lane's first segment of silver/ticks in the place of a lane's own. */
async function confuse(dataDir: string, lane: number, other: number): Promise<void> {
  const folder = (of: number): string => join(dataDir, 'lake', 'silver', 'ticks', `lane=${of}`);
  const first = async (of: number): Promise<string> => {
    const names = (await readdir(folder(of))).filter((name) => name.endsWith('.parquet')).sort();
    return join(folder(of), names[0]!);
  };
  await copyFile(await first(other), await first(lane));
}

it('engine verify says the same with one thread and with several, and exits alike', async () => {
  expect(new Set(symbols.map((symbol) => laneOf(symbol, LANES))).size).toBe(LANES);
  const dataDir = await makeLake();
  const sound = [await verify(dataDir, 1), await verify(dataDir, 3), await verify(dataDir, 16)];
  for (const { code, stdout } of sound) {
    expect(code).toBe(0);
    expect(stdout).toContain('The lake holds');
    expect(stdout).toBe(sound[0]?.stdout);
  }

  await confuse(dataDir, 1, 2);
  await confuse(dataDir, 3, 0);
  const damaged = [await verify(dataDir, 1), await verify(dataDir, 3)];
  for (const { code, stdout, stderr } of damaged) {
    expect(stderr).toBe('');
    expect(code).toBe(1);
    expect(stdout).toMatch(/damage: .*silver\/ticks\/lane=1[^]*damage: .*silver\/ticks\/lane=3/);
    expect(stdout).toBe(damaged[0]?.stdout);
  }
});
