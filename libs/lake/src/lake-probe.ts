import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from './lake-files.js';
import type { LakeFiles } from './lake-files.js';
import { asLakeIoError } from './lake-io.error.js';
import { NodeLakeFiles } from './node-lake-files.js';

/** The folder's file system cannot keep what the lake promises: choose another mount. */
export class LakeUnusableError extends Error {
  readonly retriable = false;
  readonly exitCode = 78;
  override readonly name = 'LakeUnusableError';
  constructor(
    readonly folder: string,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${folder} cannot hold the lake: ${detail}`, options);
  }
}

/**
 * Tries what publishing rests on: hard links that refuse a name that is taken, and syncing of files and folders. For
 * the start of an app; throws `LakeUnusableError`, or `LakeIoError` for what may pass, such as a full disk.
 */
export async function probeLakeFolder(folder: string, files: LakeFiles = new NodeLakeFiles()): Promise<void> {
  const temporaries = join(resolve(folder), '_tmp');
  const attempt = async <T>(what: string, call: () => Promise<T>): Promise<T> =>
    call().catch(async (error: unknown) => {
      throw await refusal(folder, what, error);
    });
  const [file, link] = [join(temporaries, randomUUID()), join(temporaries, randomUUID())];
  await attempt('making a folder', () => files.makeFolder(temporaries));
  try {
    await attempt('making a file', () => files.touch(file));
    await attempt('syncing a file', () => files.syncFile(file));
    await attempt('a hard link', () => files.link(file, link));
    if (!(await refusesTakenName(files, file, link)))
      throw new LakeUnusableError(folder, 'a hard link replaced a name that was taken');
    await attempt('syncing a folder', () => files.syncFolder(temporaries));
  } finally {
    for (const path of [file, link]) await files.unlink(path).catch(() => undefined);
  }
}

const MAY_PASS = ['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ESTALE'];
const NOT_WRITABLE = ['EROFS', 'EACCES', 'EPERM'];

async function refusal(folder: string, what: string, error: unknown): Promise<Error> {
  const code = errorCode(error) ?? String(error);
  if (MAY_PASS.includes(code)) return asLakeIoError(folder, error);
  const remedy = NOT_WRITABLE.includes(code)
    ? `; make the mount ${await mountOf(resolve(folder))} writable for this user, or set LAKE_DIR to another folder`
    : '';
  return new LakeUnusableError(folder, `${what} failed (${code})${remedy}`, { cause: error });
}

/** The folder at which the file system of a path is mounted: the highest one on the same device. */
async function mountOf(path: string): Promise<string> {
  const device = await stat(path).then(
    ({ dev }) => dev,
    () => undefined,
  );
  const parent = dirname(path);
  if (device === undefined) return parent === path ? path : mountOf(parent);
  return parent === path || (await stat(parent)).dev !== device ? path : mountOf(parent);
}

async function refusesTakenName(files: LakeFiles, file: string, taken: string): Promise<boolean> {
  return files.link(file, taken).then(
    () => false,
    (error: unknown) => errorCode(error) === 'EEXIST',
  );
}
