/** Enough of a file's status to tell whether two names are one file, how old it is and how large. */
export interface FileFacts {
  /** Device and inode. */
  readonly identity: string;
  readonly modifiedMs: number;
  /** When its status changed, as it does with each name it gets or loses; by the file system's own clock. */
  readonly changedMs: number;
  readonly bytes: number;
}

/**
 * The file-system calls on which the lake's promises rest, and nothing else, so that a test can let each one fail.
 * Rejections carry the system's `code` (`EEXIST`, `ENOSPC`, ...).
 */
export abstract class LakeFiles {
  /** The names in a folder; none where there is no such folder. */
  abstract list(folder: string): Promise<readonly string[]>;
  /** Makes the folder and its parents, durably. */
  abstract makeFolder(folder: string): Promise<void>;
  /** Makes an empty file. */
  abstract touch(path: string): Promise<void>;
  /** undefined: there is no such file. */
  abstract readText(path: string): Promise<string | undefined>;
  /** undefined: there is no such file. */
  abstract readBytes(path: string): Promise<Uint8Array | undefined>;
  /** Makes a file of these bytes, not yet synced. */
  abstract writeBytes(path: string, bytes: Uint8Array): Promise<void>;
  /** Returns once the file's content is on the disk. */
  abstract syncFile(path: string): Promise<void>;
  /** Returns once the folder's names are on the disk. */
  abstract syncFolder(folder: string): Promise<void>;
  /** Gives an existing file a second name; rejects with `EEXIST` where that name is taken. */
  abstract link(existing: string, name: string): Promise<void>;
  /** Gives an existing file another name in place of its own; who has that name loses it, and it is never free in between. */
  abstract replace(existing: string, name: string): Promise<void>;
  abstract facts(path: string): Promise<FileFacts>;
  /** Removes a name; one that is not there is fine. */
  abstract unlink(path: string): Promise<void>;
}

/** The `code` of a failed system call. By shape: under a test runner errors come from another realm. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
