import {
  accessSync,
  constants,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { CommandError } from '../usage-error.js';

interface Holder {
  readonly pid: number;
  /** Tells a process from a later one with the same pid; empty where the system does not say. */
  readonly started: string;
  readonly address: string;
}

/** One `engine up` per data folder. The lock is a file that names its holder; one left by a dead process is taken over. */
export class DataFolderLock {
  readonly #file: string;

  private constructor(folder: string) {
    this.#file = join(folder, 'engine.lock');
  }

  /** Throws a `CommandError` that says who holds the folder. */
  static take(folder: string, address: string): DataFolderLock {
    makeFolder(folder);
    const lock = new DataFolderLock(folder);
    while (!lock.#tryTake(address)) {
      const holder = lock.#holder();
      if (holder !== undefined && isAlive(holder)) {
        throw new CommandError(
          `${folder} is in use by another engine (pid ${holder.pid}, ${holder.address}). ` +
            'Stop that one first, or choose another folder with --data.',
          78,
        );
      }
      lock.#discardStale();
    }
    return lock;
  }

  /** Who holds the folder now; undefined: nobody who lives. */
  static holderOf(folder: string): Pick<Holder, 'pid' | 'address'> | undefined {
    const holder = new DataFolderLock(folder).#holder();
    return holder !== undefined && isAlive(holder) ? holder : undefined;
  }

  release(): void {
    if (this.#holder()?.pid === process.pid) rmSync(this.#file, { force: true });
  }

  /** The file appears whole, or not at all: a half-written one would look stale to a second process. */
  #tryTake(address: string): boolean {
    const own = `${this.#file}.${process.pid}`;
    const holder: Holder = { pid: process.pid, started: startOf(process.pid), address };
    writeFileSync(own, JSON.stringify(holder));
    try {
      linkSync(own, this.#file);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      rmSync(own, { force: true });
    }
  }

  #holder(file = this.#file): Holder | undefined {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Holder;
    } catch {
      // Gone in the meantime, or not ours to read: whoever asks tries to take the lock again.
      return undefined;
    }
  }

  /** Moves the dead holder's file away under a name of our own, so that of two successors only one removes it. */
  #discardStale(): void {
    const aside = `${this.#file}.stale-${process.pid}`;
    try {
      renameSync(this.#file, aside);
      const moved = this.#holder(aside);
      // Another successor took the lock between our look and our move: give it back.
      if (moved !== undefined && isAlive(moved)) linkSync(aside, this.#file);
    } catch {
      // Another successor was faster.
    } finally {
      rmSync(aside, { force: true });
    }
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new CommandError(
      `${folder} cannot be used: ${codeOf(error) ?? String(error)}. Choose a folder you may write to with --data.`,
      78,
    );
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  return started === '' || started === startOf(pid);
}

/** When the process began, in the kernel's own clock ticks. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
