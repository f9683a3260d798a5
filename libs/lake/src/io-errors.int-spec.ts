import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { silverTicks } from '@engine/medallion';
import { DuckDbLake } from './duckdb-lake.js';
import { FailingFiles } from './failing-files.contract.js';
import { FileSnapshotStore } from './file-snapshot-store.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { LakeReader } from './lake-reader.js';

const said: Readonly<Record<string, RegExp>> = {
  ENOSPC: /^lake: no space left on \/.*: \d+ B free; free some space, the app goes on by itself$/,
  EROFS: /^lake: \/.* cannot be written to \(EROFS\); make it writable again, the app goes on by itself$/,
  EIO: /^lake: \/.*: EIO: refused; it is tried again$/,
};

const temporaries = (folder: string): Promise<string[]> => readdir(join(folder, 'silver/ticks/lane=0/_tmp'));

/** The rows' content as the footers say it, and the lane offsets as they stand in the files. */
async function published(folder: string): Promise<unknown> {
  const lake = await DuckDbLake.open({ folder });
  const footer = (await lake.open(silverTicks, 0)).lastFooter;
  lake.close();
  const reader = await LakeReader.open({ folder });
  const rows = await reader.query('SELECT lane_offset, symbol, price FROM silver_ticks');
  reader.close();
  return { footer, rows };
}

/** Publishes two segments; `between` may disturb the second one. */
async function publishTwo(
  folder: string,
  files: FailingFiles,
  between: (publish: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const lake = await DuckDbLake.open({ folder, files });
  const chain = await lake.open(silverTicks, 0);
  await chain.publish(draft(2, ticks(0, 2)));
  const publish = (): Promise<unknown> => chain.publish(draft(5, ticks(2, 3)));
  await between(publish);
  await publish();
  lake.close();
}

describe.each(Object.keys(said))('%s', (code) => {
  const refused = (): unknown => ({
    name: 'LakeIoError',
    retriable: true,
    code,
    message: expect.stringMatching(said[code] ?? /^$/) as unknown,
  });

  it.each(['syncFile', 'link', 'syncFolder', 'list'])(
    'at %s of a publish is told in words, fills the disk no further, and leaves no trace once it has passed',
    (step) =>
      withFolder((undisturbed) =>
        withFolder(async (folder) => {
          await publishTwo(undisturbed, new FailingFiles(), () => Promise.resolve());
          const files = new FailingFiles();
          await publishTwo(folder, files, async (publish) => {
            files.refuse(step, code);
            for (let attempt = 0; attempt < 4; attempt++)
              await expect(publish()).rejects.toMatchObject(refused() as object);
            files.refuse(undefined);
            // Of attempts that cannot have got the name none but the last is kept.
            if (step === 'link') expect(await temporaries(folder)).toHaveLength(1);
          });
          expect(await temporaries(folder)).toEqual([]);
          expect(await published(folder)).toEqual(await published(undisturbed));
        }),
      ),
  );

  it.each(['makeFolder', 'list'])('at %s of the takeover is told in words and passes', (step) =>
    withFolder(async (folder) => {
      const files = new FailingFiles();
      const lake = await DuckDbLake.open({ folder, files });
      files.refuse(step, code);
      await expect(lake.open(silverTicks, 0)).rejects.toMatchObject(refused() as object);
      files.refuse(undefined);
      expect((await lake.open(silverTicks, 0)).end).toBe(0);
      lake.close();
    }),
  );

  it.each(['writeBytes', 'syncFile', 'link', 'syncFolder'])(
    'at %s of a snapshot is told in words and passes',
    (step) =>
      withFolder(async (folder) => {
        const files = new FailingFiles();
        const snapshots = await (await FileSnapshotStore.create({ folder, files })).open('silver', 0);
        const snapshot = { offset: 7, rules: 'r1', topic: 't', isFinal: false, body: { kept: true } };
        files.refuse(step, code);
        await expect(snapshots.write(snapshot)).rejects.toMatchObject(refused() as object);
        files.refuse(undefined);
        await snapshots.write(snapshot);
        expect(await snapshots.read(7)).toEqual(snapshot);
        expect(await snapshots.list()).toEqual([7]);
      }),
  );
});
