import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { differencesFromRun } from './checks/against-run.js';
import { noDifferences } from './checks/against-sql.js';
import { structuralProblems } from './checks/structure.js';
import { writeOrderlyFile } from './input/orderly-feed.js';
import { defaultSettings } from '@engine/oracle';
import { urlsOf } from './support/banner.js';
import { runEngine, runFile, startUp, untilNoProcessNames } from './support/engine.js';
import { withLake } from './support/lake.js';
import { killAll, processesNaming } from './support/processes.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const TICKS = 20_000;
/** Room for a start, and not for much more. */
const ROOM = 262_144;
const busy = { SEGMENT_MAX_ROWS: '2000', SEGMENT_MAX_MS: '1000', SNAPSHOT_MS: '2000', STALL_MS: '5000' };
const layers = ['bronze', 'silver', 'gold'] as const;

/** A data folder whose lake is a file system of 16 MiB of its own; undefined where this user may mount none. */
function mountLake(dataDir: string): string | undefined {
  const lake = join(dataDir, 'lake');
  mkdirSync(lake);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', lake], { stdio: 'pipe' });
    return lake;
  } catch (error) {
    if (process.env['CI']) throw error;
    return undefined;
  }
}

const dataDir = tempFolder('full-lake');
const lake = mountLake(dataDir);
if (lake === undefined) process.stderr.write('full-lake.e2e-spec: skipped, mounting a tmpfs needs root\n');
const onDisk = lake === undefined ? it.skip : it;

interface Health {
  readonly status: number;
  readonly text: string;
}

async function health(url: string, which: 'live' | 'ready'): Promise<Health | undefined> {
  try {
    const response = await fetch(`${url}/health/${which}`);
    return { status: response.status, text: await response.text() };
  } catch {
    return undefined;
  }
}

const bytesFree = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

describe('a lake on a file system of 16 MiB', () => {
  // Before the folders of the tests are removed: one of them is the mount.
  afterAll(() => {
    killAll(processesNaming(dataDir));
    if (lake !== undefined) execFileSync('umount', ['-l', lake]);
  });

  onDisk(
    'a full lake: not ready with the reason and live, goes on by itself when there is room, nothing lost or twice',
    async () => {
      const folder = lake ?? '';
      const ballast = join(folder, 'ballast');
      const input = join(tempFolder('full-lake-input'), 'orderly.ndjson');
      writeOrderlyFile(input, TICKS);
      const undisturbed = tempFolder('full-lake-undisturbed');
      await runFile(undisturbed, input);

      writeFileSync(ballast, Buffer.alloc(bytesFree(folder) - ROOM));
      const options = ['--file', input, '--speed', 'max', '--no-dashboard', '--until-idle'];
      const engine = await startUp(dataDir, options, busy);
      const urls = await urlsOf(engine);
      const bronze = urls.get('bronze') ?? '';
      const reason = /no space left on \S+lane=\d: \d+ B free; free some space, the app goes on by itself/;
      await until('bronze is not ready, with the reason', async () => {
        if (engine.hasExited) throw new Error(engine.complaint);
        const ready = await health(bronze, 'ready');
        return ready?.status === 503 && reason.test(ready.text);
      });
      // Twice as long as would be a stall: what waits for room is no reason to be ended.
      const until10s = Date.now() + 2 * Number(busy.STALL_MS);
      await until('it has waited for twice STALL_MS', async () => {
        for (const layer of layers) expect((await health(urls.get(layer) ?? '', 'live'))?.status).toBe(200);
        return Date.now() > until10s;
      });
      expect(engine.hasExited).toBe(false);
      expect(engine.output).not.toContain('starting it again');

      rmSync(ballast);
      const exit = await engine.exited;
      expect([exit.code, exit.stdout.slice(-2_000)]).toEqual([
        0,
        expect.stringContaining('The ledger balances.'),
      ]);
      await untilNoProcessNames(dataDir);

      const verified = await runEngine(['verify', '--data', dataDir], busy);
      expect([verified.code, verified.stdout]).toEqual([0, expect.any(String)]);
      await withLake(dataDir, async (disturbed) => {
        expect(await structuralProblems(disturbed, defaultSettings)).toEqual([]);
        await withLake(undisturbed, async (other) => {
          expect(await differencesFromRun(disturbed, other)).toEqual(noDifferences);
        });
      });
    },
  );

  onDisk(
    'a stop while the lake is full is quick, says what is left to the next start, and loses nothing',
    async () => {
      const folder = lake ?? '';
      execFileSync('find', [folder, '-mindepth', '1', '-delete']);
      rmSync(join(dataDir, 'log'), { recursive: true });
      const input = join(tempFolder('full-lake-stop'), 'orderly.ndjson');
      writeOrderlyFile(input, TICKS);
      const ballast = join(folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(bytesFree(folder) - ROOM));
      const engine = await startUp(dataDir, ['--file', input, '--speed', 'max', '--no-dashboard'], busy);
      const bronze = (await urlsOf(engine)).get('bronze') ?? '';
      await until('bronze is not ready', async () =>
        (await health(bronze, 'ready'))?.text.includes('no space left'),
      );
      const exit = await engine.stop('SIGTERM');
      expect(exit.code).toBe(75);
      expect(exit.stderr).toContain('bronze stopped before all rows were published');
      expect(exit.stderr).toContain('Nothing is lost');
      expect(exit.stderr).not.toContain('giving up');
      await untilNoProcessNames(dataDir);

      rmSync(ballast);
      await runFile(dataDir, input, busy);
      const verified = await runEngine(['verify', '--data', dataDir], busy);
      expect([verified.code, verified.stdout]).toEqual([0, expect.any(String)]);
    },
  );

  onDisk('a lake that is mounted read-only ends the start with the mount and the remedy', async () => {
    const folder = lake ?? '';
    execFileSync('mount', ['-o', 'remount,ro', folder]);
    try {
      const engine = await startUp(dataDir, ['--no-dashboard'], { FEED: 'none' });
      const exit = await engine.exited;
      expect(exit.code).toBe(78);
      expect(exit.stderr).toContain(`make the mount ${folder} writable for this user, or set LAKE_DIR`);
    } finally {
      execFileSync('mount', ['-o', 'remount,rw', folder]);
    }
  });
});
