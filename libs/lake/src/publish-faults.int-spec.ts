import { copyFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { silverTicks } from '@engine/medallion';
import { DuckDbLake } from './duckdb-lake.js';
import { FailingFiles } from './failing-files.contract.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeReader } from './lake-reader.js';
import { ChainMovedError } from './ports.js';
import { compactedName, floorName, segmentName } from './segment-names.js';

interface Setting {
  readonly folder: string;
  readonly files: FailingFiles;
  readonly lake: DuckDbLake;
}

async function withLake(test: (setting: Setting) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const files = new FailingFiles();
    const lake = await DuckDbLake.open({ folder, files });
    await test({ folder, files, lake }).finally(() => {
      lake.close();
    });
  });
}

async function offsets(folder: string): Promise<unknown[]> {
  const reader = await LakeReader.open({ folder });
  const rows = await reader.query('SELECT lane_offset FROM silver_ticks');
  reader.close();
  return rows.map((row) => row['lane_offset']);
}

const lane = (folder: string): string => join(folder, 'silver/ticks/lane=0');

/** Makes a file of the offsets [first, next) under a name, as somebody else would have made it. */
async function place(folder: string, name: string, first: number, next: number): Promise<void> {
  await withFolder(async (elsewhere) => {
    const lake = await DuckDbLake.open({ folder: elsewhere });
    const chain = await lake.open(silverTicks, 0);
    await chain.startAt(first);
    await chain.publish(draft(next, ticks(first, next - first)));
    lake.close();
    await copyFile(join(lane(elsewhere), segmentName(first)), join(lane(folder), name));
  });
}

describe('a publish that fails at any call', () => {
  it('goes through the calls in this order', () =>
    withLake(async ({ files, lake }) => {
      const chain = await lake.open(silverTicks, 0);
      files.failAt(Infinity, 'before');
      await chain.publish(draft(2, ticks(0, 2)));
      expect(files.calls).toEqual(['syncFile', 'link', 'syncFolder', 'list', 'unlink']);
    }));

  for (const when of ['before', 'after'] as const) {
    for (let call = 0; call < 4; call++) {
      it(`is invisible or whole, and can be repeated: call ${call}, ${when} it`, () =>
        withLake(async ({ folder, files, lake }) => {
          const chain = await lake.open(silverTicks, 0);
          await chain.publish(draft(2, ticks(0, 2)));
          files.failAt(call, when);
          await expect(chain.publish(draft(5, ticks(2, 3)))).rejects.toThrow(/failed|lost/);
          expect([chain.end, chain.lastFooter?.next]).toEqual([2, 2]);
          expect([
            [0, 1],
            [0, 1, 2, 3, 4],
          ]).toContainEqual(await offsets(folder));

          await chain.publish(draft(5, ticks(2, 3)));
          await chain.publish(draft(6, ticks(5, 1)));
          expect(await offsets(folder)).toEqual([0, 1, 2, 3, 4, 5]);
          expect(await readdir(join(lane(folder), '_tmp'))).toEqual([]);
        }));
    }
  }

  it('does not fail because a temporary name could not be removed', () =>
    withLake(async ({ folder, files, lake }) => {
      const chain = await lake.open(silverTicks, 0);
      files.failAt(4, 'before');
      await chain.publish(draft(2, ticks(0, 2)));
      expect(files.calls.at(-1)).toBe('unlink');
      expect(await offsets(folder)).toEqual([0, 1]);
    }));

  it('leaves nothing half written when DuckDB fails', () =>
    withLake(async ({ folder, lake }) => {
      const chain = await lake.open(silverTicks, 0);
      const bad = ticks(0, 2);
      (bad.columns[0]?.values as Float64Array)[1] = Infinity;
      await expect(chain.publish(draft(2, bad))).rejects.toThrow(/out of range|Conversion/);
      expect((await readdir(lane(folder))).filter((name) => name !== '_tmp')).toEqual([]);
      await chain.publish(draft(2, ticks(0, 2)));
      expect(await offsets(folder)).toEqual([0, 1]);
    }));

  it('takes its own earlier success, but not for another stretch', () =>
    withLake(async ({ folder, files, lake }) => {
      const chain = await lake.open(silverTicks, 0);
      files.failAt(1, 'after');
      await expect(chain.publish(draft(2, ticks(0, 2)))).rejects.toThrow('lost');
      await expect(chain.publish(draft(3, ticks(0, 3)))).rejects.toThrow(ChainMovedError);
      expect((await lake.open(silverTicks, 0)).end).toBe(2);
      expect(await offsets(folder)).toEqual([0, 1]);
    }));

  it('does not take another owner’s segment for its own, though it is equal', () =>
    withLake(async ({ folder, files, lake }) => {
      const chain = await lake.open(silverTicks, 0);
      files.failAt(1, 'before');
      await expect(chain.publish(draft(2, ticks(0, 2)))).rejects.toThrow('failed');
      await place(folder, segmentName(0), 0, 2);
      await expect(chain.publish(draft(2, ticks(0, 2)))).rejects.toThrow(ChainMovedError);
    }));
});

describe('put-if-absent where names were deleted (F2)', () => {
  it('refuses an owner that publishes inside an L1', () =>
    withLake(async ({ folder, lake }) => {
      await (await lake.open(silverTicks, 0)).publish(draft(1, ticks(0, 1)));
      const sleeper = await lake.open(silverTicks, 0);
      await (await lake.open(silverTicks, 0)).publish(draft(2, ticks(1, 1)));
      await place(folder, compactedName(0, 1), 0, 2);
      await rm(join(lane(folder), segmentName(0)));
      await rm(join(lane(folder), segmentName(1)));
      await expect(sleeper.publish(draft(3, ticks(1, 2)))).rejects.toThrow(ChainMovedError);
      expect(sleeper.end).toBe(1);
      expect(await readdir(lane(folder))).toContain(segmentName(1));
      expect(await offsets(folder)).toEqual([0, 1]);
      const again = await lake.open(silverTicks, 0);
      await again.publish(draft(3, ticks(2, 1)));
      expect(await offsets(folder)).toEqual([0, 1, 2]);
    }));

  it('refuses an owner that publishes below the floor', () =>
    withLake(async ({ folder, files, lake }) => {
      const sleeper = await lake.open(silverTicks, 0);
      await files.touch(join(lane(folder), floorName(4)));
      await expect(sleeper.publish(draft(2, ticks(0, 2)))).rejects.toThrow(ChainMovedError);
      expect((await lake.open(silverTicks, 0)).end).toBe(4);
    }));

  it('lets the owner at the end of an L1 go on', () =>
    withLake(async ({ folder, lake }) => {
      const chain = await lake.open(silverTicks, 0);
      await chain.publish(draft(1, ticks(0, 1)));
      await chain.publish(draft(2, ticks(1, 1)));
      await place(folder, compactedName(0, 1), 0, 2);
      await chain.publish(draft(3, ticks(2, 1)));
      expect(await offsets(folder)).toEqual([0, 1, 2]);
    }));
});
