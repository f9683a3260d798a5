import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silverTicks } from '@engine/medallion';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, ticks } from './lake-samples.contract.js';
import { probeLakeFolder } from './lake-probe.js';

const MIB = 1_048_576;

/** A file system of 4 MiB; undefined where this user may mount none. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'full-lake-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'pipe' });
    return folder;
  } catch (error) {
    rmdirSync(folder);
    if (process.env['CI']) throw error;
    return undefined;
  }
}

const mounted = mountSmallDisk();
if (mounted === undefined) process.stderr.write('full-disk.int-spec: skipped, mounting a tmpfs needs root\n');
const onDisk = mounted === undefined ? it.skip : it;
const disk = mounted ?? '';

afterAll(() => {
  if (mounted === undefined) return;
  execFileSync('umount', ['-l', disk]);
  rmdirSync(disk);
});

onDisk(
  'a real full disk refuses a publish in words, half a file is not left, and room heals it',
  async () => {
    const lake = await DuckDbLake.open({ folder: join(disk, 'lake') });
    const chain = await lake.open(silverTicks, 0);
    await chain.publish(draft(10, ticks(0, 10)));
    const ballast = join(disk, 'ballast');
    writeFileSync(ballast, Buffer.alloc(4 * MIB - 60_000));
    await expect(chain.publish(draft(50_010, ticks(10, 50_000)))).rejects.toMatchObject({
      name: 'LakeIoError',
      code: 'ENOSPC',
      message: expect.stringMatching(
        /^lake: no space left on .*lane=0: \d+ B free; free some space, the app goes on by itself$/,
      ) as unknown,
    });
    expect(readdirSync(join(disk, 'lake/silver/ticks/lane=0/_tmp'))).toEqual([]);
    rmSync(ballast);
    await chain.publish(draft(50_010, ticks(10, 50_000)));
    expect((await lake.open(silverTicks, 0)).end).toBe(50_010);
    lake.close();
  },
);

onDisk('a mount that is read-only is refused at the start by name', async () => {
  const folder = join(disk, 'lake');
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  try {
    await expect(probeLakeFolder(folder)).rejects.toMatchObject({
      exitCode: 78,
      message: `${folder} cannot hold the lake: making a file failed (EROFS); make the mount ${disk} writable for this user, or set LAKE_DIR to another folder`,
    });
  } finally {
    execFileSync('mount', ['-o', 'remount,rw', disk]);
  }
});
