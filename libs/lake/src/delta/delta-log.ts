import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { errorCode } from '../lake-files.js';
import type { LakeFiles } from '../lake-files.js';
import { TemporaryFolder } from '../temporary-folder.js';
import { commitText, parseCommit } from './delta-actions.js';
import type { DeltaAction } from './delta-actions.js';
import { readCheckpoint, writeCheckpoint } from './delta-checkpoint.js';
import { checkpointName, commitName, LAST_CHECKPOINT, parseDeltaName } from './delta-names.js';
import type { DeltaName } from './delta-names.js';
import { DeltaState } from './delta-state.js';

/** The log is not what was written: nothing is read from it that could not be made anew. */
export class DeltaLogDamagedError extends Error {
  override readonly name = 'DeltaLogDamagedError';
  constructor(folder: string, detail: string, options?: ErrorOptions) {
    super(`${folder}: ${detail}. Delete this folder: it is made anew from the segments`, options);
  }
}

/** The files of one table's Delta log, and what they say. Any number of processes may write it at once. */
export class DeltaLog {
  readonly #temporaries: TemporaryFolder;
  #state = new DeltaState();

  constructor(
    private readonly folder: string,
    private readonly files: LakeFiles,
    private readonly connection: DuckDBConnection,
  ) {
    // Beside it, not in it: readers list the log's folder.
    this.#temporaries = new TemporaryFolder(files, dirname(folder));
  }

  async prepare(): Promise<void> {
    await this.#temporaries.prepare();
    await this.files.makeFolder(this.folder);
  }

  /** The newest state: reads what others have committed since the last call. */
  async read(): Promise<DeltaState> {
    if (!(await this.#isThere(this.#state.version))) this.#state = await this.#readFromCheckpoint();
    for (;;) {
      const version = this.#state.version + 1;
      const actions = await this.#commit(version);
      if (actions === undefined) return this.#state;
      this.#state.apply(version, actions);
    }
  }

  /** Appends a version to the state that was read; false: another one was first, and has to be read. */
  async append(actions: readonly DeltaAction[]): Promise<boolean> {
    const version = this.#state.version + 1;
    const isFirst = await this.#publish(commitName(version), async (path) => {
      await this.files.writeBytes(path, Buffer.from(commitText(actions)));
    });
    if (isFirst) this.#state.apply(version, actions);
    return isFirst;
  }

  /** Sums up what was read, so that readers need not begin at the log's start. Removed files count for `keptMs`. */
  async checkpoint(keptMs: number): Promise<void> {
    const { version } = this.#state;
    const actions = this.#state.actions(Date.now() - keptMs);
    await this.#publish(checkpointName(version), (path) => writeCheckpoint(this.connection, actions, path));
    this.#state.checkpoint = version;
    const pointer = this.#temporaries.newPath();
    await this.files.writeBytes(pointer, Buffer.from(JSON.stringify({ version, size: actions.length })));
    await this.files.syncFile(pointer);
    await this.files.replace(pointer, join(this.folder, LAST_CHECKPOINT));
  }

  /** Removes what lies before the newest checkpoint that is older than `keptMs`: who began to read before that has ended. */
  async clean(keptMs: number): Promise<void> {
    const names = await this.#names();
    const checkpoints = names
      .filter(({ kind }) => kind === 'checkpoint')
      .sort((a, b) => b.version - a.version);
    for (const { name, version } of checkpoints) {
      const { modifiedMs } = await this.files.facts(join(this.folder, name));
      if (modifiedMs > Date.now() - keptMs) continue;
      for (const old of names.filter((other) => other.version < version))
        await this.files.unlink(join(this.folder, old.name));
      return;
    }
  }

  async #names(): Promise<readonly DeltaName[]> {
    return (await this.files.list(this.folder)).flatMap((name) => parseDeltaName(name) ?? []);
  }

  /** Whoever deletes the folder wants it made anew. */
  async #isThere(version: number): Promise<boolean> {
    if (version < 0) return false;
    try {
      await this.files.facts(join(this.folder, commitName(version)));
      return true;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      return false;
    }
  }

  async #readFromCheckpoint(): Promise<DeltaState> {
    await this.prepare();
    const state = new DeltaState();
    const versions = (await this.#names()).filter(({ kind }) => kind === 'checkpoint');
    const newest = Math.max(-1, ...versions.map(({ version }) => version));
    if (newest < 0) return state;
    const path = join(this.folder, checkpointName(newest));
    const actions = await this.#reading(checkpointName(newest), () => readCheckpoint(this.connection, path));
    state.apply(newest, actions);
    state.checkpoint = newest;
    return state;
  }

  /** undefined: there is no such version yet. */
  async #commit(version: number): Promise<readonly DeltaAction[] | undefined> {
    const text = await this.files.readText(join(this.folder, commitName(version)));
    if (text === undefined) return undefined;
    return this.#reading(commitName(version), () => Promise.resolve(parseCommit(text)));
  }

  async #reading<T>(name: string, read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      throw new DeltaLogDamagedError(this.folder, `${name} cannot be read`, { cause: error });
    }
  }

  /** Durably under its name; false: the name is taken. */
  async #publish(name: string, write: (path: string) => Promise<void>): Promise<boolean> {
    const temporary = this.#temporaries.newPath();
    try {
      await write(temporary);
      await this.files.syncFile(temporary);
      await this.files.link(temporary, join(this.folder, name));
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      return false;
    } finally {
      await this.#temporaries.discard(temporary);
    }
    await this.files.syncFolder(this.folder);
    return true;
  }
}
