import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogProcess } from '../../test/log-process-handle.js';
import { EmbeddedLog } from './embedded-log.js';

const BYTES = 100_000;

/** A file system of 4 MiB; undefined where this user may mount none. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch (error) {
    rmdirSync(folder);
    if (process.env['CI']) throw error;
    return undefined;
  }
}

const disk = mountSmallDisk();
if (disk === undefined) process.stderr.write('full-disk.int-spec: skipped, mounting a tmpfs needs root\n');
const onDisk = disk === undefined ? it.skip : it;

afterAll(() => {
  if (disk === undefined) return;
  execFileSync('umount', ['-l', disk]);
  rmdirSync(disk);
});

onDisk(
  'a full disk refuses appends with the reason, ends nothing, and is forgotten once there is room',
  async () => {
    const folder = disk ?? '';
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(1_500_000));
    // A process of its own: what fails in LMDB unheard would end it, and what LMDB prints belongs to no test.
    const log = await LogProcess.at(join(folder, 'log'));
    await log.ask('ensure', { topic: 'ticks', partitions: 2 });
    const append = (count: number): Promise<unknown> =>
      log.ask('write', { topic: 'ticks', partition: 1, count, batch: 1, padding: BYTES });

    const refused =
      /^ticks: log: no space left on .*log\/ticks: \d+ B free; free some space, the app goes on by itself$/;
    await expect(append(1_000)).rejects.toMatchObject({
      facts: {
        name: 'SendOutcomeUnknownError',
        retriable: true,
        message: expect.stringMatching(refused) as unknown,
      },
    });
    const sent = log.acked;
    expect(sent).toBeGreaterThan(5);
    await expect(append(1)).rejects.toThrow('no space left');
    expect((await log.ask('ranges', { topic: 'ticks' })).ranges).toEqual([
      { start: 0, end: 0 },
      { start: 0, end: sent },
    ]);
    // Opening another environment would map a lock file that there is no room for: SIGBUS, without a word.
    await expect(log.ask('ensure', { topic: 'others', partitions: 1 })).rejects.toMatchObject({
      facts: { name: 'LogStorageError', retriable: true },
    });

    rmSync(ballast);
    await append(1);
    await log.ask('ensure', { topic: 'others', partitions: 1 });
    expect(await log.close()).toBe(0);
    const again = await EmbeddedLog.open(join(folder, 'log'));
    const records = await again.read('ticks', 1, 0, { maxRecords: 1_000, maxBytes: 10_000_000 });
    await again.close();
    const numbers = [...Array.from({ length: sent }, (_, i) => i), 0];
    expect(records.map(({ value }) => value?.toString())).toEqual(numbers.map((n) => `${n}`.padEnd(BYTES)));
  },
);
