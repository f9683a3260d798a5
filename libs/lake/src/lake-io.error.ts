import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { messageOf } from './error-message.js';
import { errorCode } from './lake-files.js';

/** The file system under the lake refuses to read or write. What was asked for may succeed later, as it stands. */
export class LakeIoError extends Error {
  readonly retriable = true;
  override readonly name = 'LakeIoError';
  constructor(
    /** As the system names it: `ENOSPC`, `EROFS`, `EIO`, ... */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`lake: ${message}`, options);
  }
}

/** What DuckDB says of errors of the system: the C library's words, or that it found no room to swap to. */
const WORDS: Readonly<Record<string, string>> = {
  'No space left on device': 'ENOSPC',
  'failed to offload data block': 'ENOSPC',
  'Disk quota exceeded': 'EDQUOT',
  'Read-only file system': 'EROFS',
  'Permission denied': 'EACCES',
  'Operation not permitted': 'EPERM',
  'Stale file handle': 'ESTALE',
  'Input/output error': 'EIO',
  'Too many open files': 'EMFILE',
};

const NO_ROOM = ['ENOSPC', 'EDQUOT'];
const REFUSED = ['EROFS', 'EACCES', 'EPERM'];

/** The system's code of an error of Node.js or DuckDB; undefined where it was no error of the system. */
export function ioCode(error: unknown): string | undefined {
  const isSystem = typeof error === 'object' && error !== null && 'syscall' in error;
  if (isSystem) return errorCode(error);
  const message = messageOf(error);
  if (!message.startsWith('IO Error') && !message.startsWith('Out of Memory Error')) return undefined;
  const words = Object.keys(WORDS).find((some) => message.includes(some));
  if (words !== undefined) return WORDS[words];
  return message.startsWith('IO Error') ? 'EIO' : undefined;
}

/** Calls, and makes a `LakeIoError` that names the folder, the reason and the remedy of what the system refuses. */
export async function namingIoErrors<T>(folder: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof LakeIoError || ioCode(error) === undefined
      ? error
      : await asLakeIoError(folder, error);
  }
}

/** Of an error of the system. */
export async function asLakeIoError(folder: string, error: unknown): Promise<LakeIoError> {
  const code = ioCode(error) ?? errorCode(error) ?? 'EIO';
  return new LakeIoError(code, await describe(folder, code, error), { cause: error });
}

async function describe(folder: string, code: string, error: unknown): Promise<string> {
  if (NO_ROOM.includes(code))
    return `no space left on ${folder}: ${await freeBytes(folder)} B free; free some space, the app goes on by itself`;
  if (REFUSED.includes(code))
    return `${folder} cannot be written to (${code}); make it writable again, the app goes on by itself`;
  return `${folder}: ${messageOf(error)}; it is tried again`;
}

/** To whoever has no privileges; `?` where the file system does not say. */
async function freeBytes(folder: string): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return String(bavail * bsize);
  } catch (error) {
    return errorCode(error) === 'ENOENT' && folder !== dirname(folder) ? freeBytes(dirname(folder)) : '?';
  }
}
