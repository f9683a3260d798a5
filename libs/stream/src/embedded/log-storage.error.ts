import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { LogError } from '../ports.js';

/** The file system under the embedded log cannot take more at present. Nothing was appended; it goes on once there is room. */
export class LogStorageError extends LogError {
  readonly retriable = true;
}

/** LMDB's own code for an environment that has reached its map size. */
const MDB_MAP_FULL = -30_792;
/** LMDB gives the system's numbers, Node.js its names. */
const NO_SPACE: readonly unknown[] = [28, 'ENOSPC', 122, 'EDQUOT'];
/** `EIO`: what LMDB makes of a write that the disk took only in part. */
const PARTLY_WRITTEN = 5;

/**
 * What an environment needs to be opened: its lock file is written through a mapping of it, and a mapping that the disk has
 * no room for ends the process with SIGBUS.
 */
const OPEN_BYTES = 1_048_576;
/** With less than this free a write that failed has failed for want of room. */
const FULL_BYTES = 8 * 1_048_576;

/** Throws `LogStorageError` where there is no room to open an environment in the folder. */
export function checkRoomToOpen(folder: string): void {
  const free = freeBytes(folder);
  if (free < OPEN_BYTES) throw noSpace(folder, free);
}

/** An error of LMDB or of the file system: for want of room `LogStorageError`, else as it is. */
export function describeWriteError(folder: string, error: unknown): unknown {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === MDB_MAP_FULL)
    return new LogStorageError(
      `log: ${folder} has grown to the largest size it can have; set LOG_RETENTION_BYTES, so that the oldest records go`,
      { cause: error },
    );
  if (code !== PARTLY_WRITTEN && !NO_SPACE.includes(code)) return error;
  const free = freeBytes(folder);
  return code === PARTLY_WRITTEN && free >= FULL_BYTES ? error : noSpace(folder, free, error);
}

function noSpace(folder: string, free: number, cause?: unknown): LogStorageError {
  return new LogStorageError(
    `log: no space left on ${folder}: ${free} B free; free some space, the app goes on by itself`,
    { cause },
  );
}

function freeBytes(folder: string): number {
  if (!existsSync(folder)) return freeBytes(dirname(folder));
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
