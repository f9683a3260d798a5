import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailingFiles } from './failing-files.contract.js';
import { FileSnapshotStore } from './file-snapshot-store.js';
import { withFolder } from './lake-samples.contract.js';
import { NodeLakeFiles } from './node-lake-files.js';
import type { LaneSnapshots } from './ports.js';
import { snapshotName } from './snapshot-names.js';
import { sample, snapshotStoreContract } from './snapshot-store.contract.js';

interface Setting {
  readonly store: FileSnapshotStore;
  readonly files: FailingFiles;
  /** The folder of the snapshots of silver, lane 0. */
  readonly lane: string;
}

const withStore = (test: (setting: Setting) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    const files = new FailingFiles();
    const store = await FileSnapshotStore.create({ folder, files });
    await test({ store, files, lane: join(folder, '_state/silver/lane=0') });
  });

async function readableOf(lane: LaneSnapshots): Promise<readonly number[]> {
  const offsets = await lane.list();
  const read = await Promise.allSettled(offsets.map((offset) => lane.read(offset)));
  return offsets.filter((_, at) => read[at]?.status === 'fulfilled');
}

describe('FileSnapshotStore', () => {
  snapshotStoreContract((test) => withStore(({ store }) => test(store)));

  it('has a line that says what it is at the head of each file', () =>
    withStore(async ({ store, lane }) => {
      await (await store.open('silver', 0)).write(sample(7));
      const [line = ''] = (await readFile(join(lane, '00000000000000000007.snapshot'), 'latin1')).split('\n');
      expect(JSON.parse(line)).toEqual({
        format: 1,
        offset: 7,
        rules: 'r1',
        topic: 'bronze-ticks@t1',
        isFinal: false,
        bytes: expect.any(Number) as unknown,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      });
    }));

  it('follows the generation of a layer that was computed anew', () =>
    withFolder(async (folder) => {
      const store = await FileSnapshotStore.create({ folder, generations: { silver: 'silver.g2' } });
      await (await store.open('silver', 0)).write(sample(7));
      expect(await readdir(join(folder, '_state'))).toEqual(['silver.g2']);
    }));
});

describe('a snapshot that is damaged', () => {
  it('cannot be read, whichever byte it is', () =>
    withStore(async ({ store, lane }) => {
      const snapshots = await store.open('silver', 0);
      await snapshots.write(sample(7));
      const path = join(lane, snapshotName(7));
      const bytes = await readFile(path);
      for (let at = 0; at < bytes.length; at++) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ 0x10;
        await writeFile(path, flipped);
        await expect(snapshots.read(7)).rejects.toMatchObject({ name: 'SnapshotUnreadableError' });
      }
      await writeFile(path, bytes);
      expect(await snapshots.read(7)).toEqual(sample(7));
    }));

  it('cannot be read when it was cut off, at any length', () =>
    withStore(async ({ store, lane }) => {
      const snapshots = await store.open('silver', 0);
      await snapshots.write(sample(7));
      const { length } = await readFile(join(lane, snapshotName(7)));
      for (let kept = length - 1; kept >= 0; kept--) {
        await truncate(join(lane, snapshotName(7)), kept);
        await expect(snapshots.read(7)).rejects.toMatchObject({ name: 'SnapshotUnreadableError' });
      }
    }));

  it('cannot be read under the name of another offset', () =>
    withStore(async ({ store, lane }) => {
      const snapshots = await store.open('silver', 0);
      await snapshots.write(sample(7));
      await writeFile(join(lane, snapshotName(8)), await readFile(join(lane, snapshotName(7))));
      await expect(snapshots.read(8)).rejects.toThrow('it was taken at 7');
    }));

  it('is written anew where the lane comes by again, and goes without counting where it does not', () =>
    withStore(async ({ store, lane }) => {
      const snapshots = await store.open('silver', 0);
      for (const offset of [1, 2, 3, 4, 5]) await snapshots.write(sample(offset));
      for (const offset of [4, 5]) await writeFile(join(lane, snapshotName(offset)), 'x');
      expect(await readableOf(snapshots)).toEqual([3, 2, 1]);
      await snapshots.write(sample(4));
      await snapshots.prune(5);
      expect(await snapshots.list()).toEqual([4, 3, 2]);
      expect(await snapshots.read(4)).toEqual(sample(4));
    }));
});

describe('a write that fails at any call', () => {
  it('goes through the calls in this order', () =>
    withStore(async ({ store, files }) => {
      const snapshots = await store.open('silver', 0);
      files.failAt(Infinity, 'before');
      await snapshots.write(sample(7));
      expect(files.calls).toEqual(['writeBytes', 'syncFile', 'link', 'syncFolder', 'unlink']);
      files.calls.length = 0;
      await snapshots.write(sample(7, { isFinal: true }));
      expect(files.calls).toEqual([
        'writeBytes',
        'syncFile',
        'link',
        'readBytes',
        'replace',
        'syncFolder',
        'unlink',
      ]);
    }));

  for (const when of ['before', 'after'] as const) {
    for (let call = 0; call < 4; call++) {
      it(`leaves nothing or all, and can be repeated: call ${call}, ${when} it`, () =>
        withStore(async ({ store, files, lane }) => {
          const snapshots = await store.open('silver', 0);
          await snapshots.write(sample(5));
          files.failAt(call, when);
          await expect(snapshots.write(sample(7))).rejects.toThrow(/failed|lost/);
          expect(await readableOf(snapshots)).toEqual(await snapshots.list());
          await snapshots.write(sample(7));
          expect(await readableOf(snapshots)).toEqual([7, 5]);
          expect(await readdir(join(lane, '_tmp'))).toEqual([]);
        }));
    }

    for (let call = 0; call < 6; call++) {
      it(`leaves the one in its place, or itself: call ${call}, ${when} it`, () =>
        withStore(async ({ store, files, lane }) => {
          const snapshots = await store.open('silver', 0);
          await snapshots.write(sample(7));
          files.failAt(call, when);
          // A failed look at what is there is no reason not to replace it.
          await snapshots.write(sample(7, { isFinal: true })).catch(() => undefined);
          expect(await readableOf(snapshots)).toEqual([7]);
          await snapshots.write(sample(7, { isFinal: true }));
          expect(await snapshots.read(7)).toEqual(sample(7, { isFinal: true }));
          expect(await readdir(join(lane, '_tmp'))).toEqual([]);
        }));
    }
  }

  it('does not fail because a temporary name could not be removed', () =>
    withStore(async ({ store, files }) => {
      const snapshots = await store.open('silver', 0);
      files.failAt(4, 'before');
      await snapshots.write(sample(7));
      expect(files.calls.at(-1)).toBe('unlink');
    }));

  it('is not bothered by what a killed process left behind', () =>
    withStore(async ({ store, lane }) => {
      await (await store.open('silver', 0)).write(sample(7));
      await new NodeLakeFiles().writeBytes(join(lane, '_tmp', 'left-over'), Buffer.from('half a snap'));
      await writeFile(join(lane, 'something-else'), '');
      const snapshots = await store.open('silver', 0);
      expect(await snapshots.list()).toEqual([7]);
      await snapshots.write(sample(8));
      await snapshots.prune(8);
      expect(await readableOf(snapshots)).toEqual([8, 7]);
    }));
});
