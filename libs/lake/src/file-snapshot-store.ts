import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './lake-files.js';
import type { LakeFiles } from './lake-files.js';
import { namingIoErrors } from './lake-io.error.js';
import { LakeFolders } from './lake-folders.js';
import type { Generations } from './lake-folders.js';
import { NodeLakeFiles } from './node-lake-files.js';
import { LaneSnapshots, SnapshotStore, SnapshotUnreadableError } from './ports.js';
import type { Snapshot } from './ports.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-bytes.js';
import { parseSnapshotName, snapshotName, surplusSnapshots } from './snapshot-names.js';
import { TemporaryFolder } from './temporary-folder.js';

export interface FileSnapshotStoreOptions {
  /** The lake's root; made where it is missing. */
  readonly folder: string;
  /** For a backfill: the folder of a layer's new generation. Default: what `_generations.json` says. */
  readonly generations?: Generations;
  readonly files?: LakeFiles;
}

/** Snapshots as files of the lake: `_state/<layer>/lane=<p>/<offset:020>.snapshot`. */
export class FileSnapshotStore extends SnapshotStore {
  private constructor(
    private readonly folders: LakeFolders,
    private readonly files: LakeFiles,
  ) {
    super();
  }

  static create(options: FileSnapshotStoreOptions): Promise<FileSnapshotStore> {
    return namingIoErrors(options.folder, () => FileSnapshotStore.#create(options));
  }

  static async #create(options: FileSnapshotStoreOptions): Promise<FileSnapshotStore> {
    const { folder, generations, files = new NodeLakeFiles() } = options;
    await files.makeFolder(folder);
    const root = await realpath(folder);
    const folders = await LakeFolders.chosen(root, generations, files);
    return new FileSnapshotStore(folders, files);
  }

  async open(layer: string, lane: number): Promise<LaneSnapshots> {
    const folder = this.folders.state(layer, lane);
    const temporaries = new TemporaryFolder(this.files, folder);
    await namingIoErrors(folder, () => temporaries.prepare());
    return new LaneSnapshotFiles(folder, temporaries, this.files);
  }
}

/** Written like segments: to a temporary name, synced, then linked to the final one, which is never seen half done. */
class LaneSnapshotFiles extends LaneSnapshots {
  readonly #unreadable = new Set<number>();

  constructor(
    private readonly folder: string,
    private readonly temporaries: TemporaryFolder,
    private readonly files: LakeFiles,
  ) {
    super();
  }

  async list(): Promise<readonly number[]> {
    const names = await namingIoErrors(this.folder, () => this.files.list(this.folder));
    return names.flatMap((name) => parseSnapshotName(name) ?? []).sort((one, other) => other - one);
  }

  async read(offset: number): Promise<Snapshot> {
    const bytes = await this.files.readBytes(this.#path(offset));
    if (bytes === undefined) throw new SnapshotUnreadableError(this.#path(offset), 'it is gone');
    try {
      return this.#decode(offset, bytes);
    } catch (error) {
      this.#unreadable.add(offset);
      throw error;
    }
  }

  write(snapshot: Snapshot): Promise<void> {
    return namingIoErrors(this.folder, () => this.#write(snapshot));
  }

  async #write(snapshot: Snapshot): Promise<void> {
    const temporary = this.temporaries.newPath();
    try {
      await this.files.writeBytes(temporary, encodeSnapshot(snapshot));
      await this.files.syncFile(temporary);
      await this.#name(temporary, snapshot);
      await this.files.syncFolder(this.folder);
    } finally {
      await this.temporaries.discard(temporary);
    }
    this.#unreadable.delete(snapshot.offset);
  }

  async prune(end: number): Promise<void> {
    const readable = (await this.list()).filter((offset) => !this.#unreadable.has(offset));
    for (const offset of [...this.#unreadable, ...surplusSnapshots(readable, end)]) {
      await this.files.unlink(this.#path(offset));
      this.#unreadable.delete(offset);
    }
  }

  async #name(temporary: string, snapshot: Snapshot): Promise<void> {
    const path = this.#path(snapshot.offset);
    try {
      await this.files.link(temporary, path);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      // The same lane at the same offset under the same rules is the same state, whoever wrote it.
      if (!(await this.#isThere(snapshot))) await this.files.replace(temporary, path);
    }
  }

  async #isThere({ offset, rules, topic, isFinal }: Snapshot): Promise<boolean> {
    const there = await this.read(offset).catch(() => undefined);
    return there?.rules === rules && there.topic === topic && there.isFinal === isFinal;
  }

  #decode(offset: number, bytes: Uint8Array): Snapshot {
    const snapshot = decodeSnapshot(this.#path(offset), bytes);
    if (snapshot.offset !== offset)
      throw new SnapshotUnreadableError(this.#path(offset), `it was taken at ${snapshot.offset}`);
    return snapshot;
  }

  #path(offset: number): string {
    return join(this.folder, snapshotName(offset));
  }
}
