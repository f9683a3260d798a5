import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { checkRoomToOpen, describeWriteError } from './log-storage.error.js';

export type Database = RootDatabase<Buffer, Buffer>;

/**
 * Address space, not memory and not disk: an environment that needs no remapping while it grows spares every process
 * the moment in which another one has grown it. The largest size a topic can have.
 */
const mapSize = 2 ** 40;

/**
 * Pages once read stay in the process's resident size until the environment is closed, however long the log. Closing
 * and opening takes a millisecond.
 */
const reopenAfterBytes = 64 * 1024 * 1024;

/** An LMDB environment that several processes may have open at once. */
export class Environment {
  #db: Database | undefined;
  #reopening: Promise<void> | undefined;
  #readBytes = 0;
  #isClosed = false;
  readonly #writes = new Set<Promise<unknown>>();

  /** Throws `LogStorageError` where there is no room for it. */
  constructor(private readonly folder: string) {
    checkRoomToOpen(folder);
    this.#db = openDatabase(folder);
  }

  /** Sees what is committed now, and holds on to no page afterwards. */
  async read<T>(action: (db: Database) => T): Promise<T> {
    while (this.#reopening) await this.#reopening;
    const db = this.#opened();
    db.resetReadTxn();
    try {
      return action(db);
    } finally {
      db.resetReadTxn();
      if (this.#readBytes > reopenAfterBytes) this.#reopen(db);
    }
  }

  /** All or nothing; on disk when it resolves, synced on LMDB's own thread. A child transaction is one that an error undoes. */
  async write<T>(action: (db: Database) => T): Promise<T> {
    while (this.#reopening) await this.#reopening;
    const db = this.#opened();
    const write = db.childTransaction(() => action(db));
    this.#writes.add(write);
    try {
      return await write;
    } catch (error) {
      throw describeWriteError(this.folder, await causeOf(error)) as Error;
    } finally {
      this.#writes.delete(write);
    }
  }

  /** Tells that so many bytes of the file were read. */
  countRead(bytes: number): void {
    this.#readBytes += bytes;
  }

  /** Gives back the slots of readers that were killed: they would keep freed pages from being used again. */
  checkReaders(): void {
    if (!this.#reopening) this.#db?.readerCheck();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reopening;
    await Promise.allSettled(this.#writes);
    await this.#db?.close();
    this.#db = undefined;
  }

  /** To be used in the same turn: afterwards it may be closed. */
  #opened(): Database {
    if (this.#isClosed) throw new Error(`${this.folder} is closed`);
    return (this.#db ??= openDatabase(this.folder));
  }

  /** Whoever comes meanwhile waits; the next one opens. */
  #reopen(db: Database): void {
    this.#readBytes = 0;
    this.#reopening ??= Promise.allSettled(this.#writes)
      .then(() => db.close())
      .finally(() => {
        this.#db = undefined;
        this.#reopening = undefined;
      });
  }
}

/** Of a commit that failed, LMDB's error with its code: another promise, which nobody else waits for. */
async function causeOf(error: unknown): Promise<unknown> {
  const isCommit = typeof error === 'object' && error !== null && 'commitError' in error;
  if (!isCommit) return error;
  return Promise.resolve(error.commitError).catch((cause: unknown) => cause);
}

/** Without `overlappingSync` a commit is on disk before anyone sees it: what a consumer acted on cannot vanish. */
function openDatabase(folder: string): Database {
  return open<Buffer, Buffer>({
    path: folder,
    noSubdir: false,
    encoding: 'binary',
    keyEncoding: 'binary',
    maxDbs: 0,
    mapSize,
    overlappingSync: false,
    // Batches of a turn have a promise that nobody can see: were a commit to fail (a full disk), it would end the process.
    eventTurnBatching: false,
  });
}
