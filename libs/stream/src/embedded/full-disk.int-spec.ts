import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedLog } from './embedded-log.js';

const VALUE = Buffer.alloc(100_000, 'x');

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
    const log = await EmbeddedLog.open(join(folder, 'log'));
    await log.ensureTopic({ name: 'ticks', partitions: 2 });
    const producer = await log.createProducer();
    const append = (): Promise<void> => producer.send('ticks', [{ partition: 1, value: VALUE }]);

    let sent = 0;
    const refused =
      /^ticks: log: no space left on .*log\/ticks: \d+ B free; free some space, the app goes on by itself$/;
    const fill = async (): Promise<never> => {
      for (; ; sent++) await append();
    };
    await expect(fill()).rejects.toMatchObject({
      name: 'SendOutcomeUnknownError',
      retriable: true,
      message: expect.stringMatching(refused) as unknown,
    });
    expect(sent).toBeGreaterThan(5);
    await expect(append()).rejects.toThrow('no space left');
    expect(await log.offsetRanges('ticks')).toEqual([
      { start: 0, end: 0 },
      { start: 0, end: sent },
    ]);
    // Opening another environment would map a lock file that there is no room for: SIGBUS, without a word.
    await expect(log.ensureTopic({ name: 'others', partitions: 1 })).rejects.toMatchObject({
      name: 'LogStorageError',
      retriable: true,
    });

    rmSync(ballast);
    await append();
    await log.ensureTopic({ name: 'others', partitions: 1 });
    await log.close();
    const again = await EmbeddedLog.open(join(folder, 'log'));
    const records = await again.read('ticks', 1, 0, { maxRecords: 1_000, maxBytes: 10_000_000 });
    await again.close();
    expect(records).toHaveLength(sent + 1);
    expect(records.every(({ value }) => value?.equals(VALUE))).toBe(true);
  },
);
