import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { probeLakeFolder } from './lake-probe.js';
import { withFolder } from './lake-samples.contract.js';
import { NodeLakeFiles } from './node-lake-files.js';

const refusing = (code: string) => (): Promise<never> =>
  Promise.reject(Object.assign(new Error(code), { code }));

describe('probeLakeFolder', () => {
  it('is content with a local folder, makes it and leaves nothing in it', () =>
    withFolder(async (parent) => {
      const folder = join(parent, 'a/lake');
      await probeLakeFolder(folder);
      expect(await readdir(join(folder, '_tmp'))).toEqual([]);
    }));

  it.each(['link', 'syncFile', 'syncFolder', 'touch'] as const)(
    'names the folder where %s is refused',
    (call) =>
      withFolder(async (folder) => {
        const files = new NodeLakeFiles();
        files[call] = refusing('EPERM');
        await expect(probeLakeFolder(folder, files)).rejects.toMatchObject({
          name: 'LakeUnusableError',
          folder,
          message: expect.stringMatching(/EPERM/) as unknown,
        });
        expect(await readdir(join(folder, '_tmp'))).toEqual([]);
      }),
  );

  it.each(['EROFS', 'EACCES'])('names the mount and the remedy where it may not write (%s)', (code) =>
    withFolder(async (folder) => {
      const files = new NodeLakeFiles();
      files.touch = refusing(code);
      await expect(probeLakeFolder(folder, files)).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(
          /^\/.* cannot hold the lake: making a file failed \(E\w+\); make the mount \/\S* writable for this user, or set LAKE_DIR to another folder$/,
        ) as unknown,
      });
    }),
  );

  it.each(['ENOSPC', 'EDQUOT', 'EIO'])('does not give up for what may pass (%s)', (code) =>
    withFolder(async (folder) => {
      const files = new NodeLakeFiles();
      files.touch = refusing(code);
      await expect(probeLakeFolder(folder, files)).rejects.toMatchObject({
        name: 'LakeIoError',
        retriable: true,
      });
    }),
  );

  it('refuses links that replace what is there', () =>
    withFolder(async (folder) => {
      const files = new NodeLakeFiles();
      files.link = () => Promise.resolve();
      await expect(probeLakeFolder(folder, files)).rejects.toThrow('replaced a name');
    }));

  it('refuses a file for a folder', () =>
    withFolder(async (folder) => {
      await writeFile(join(folder, 'lake'), '');
      await expect(probeLakeFolder(join(folder, 'lake'))).rejects.toThrow('making a folder failed');
    }));
});
