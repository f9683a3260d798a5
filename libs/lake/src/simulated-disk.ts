import { dirname } from 'node:path';
import { LakeFiles } from './lake-files.js';
import type { FileFacts } from './lake-files.js';

/** The machine lost its power: nothing that it would have gone on to do happens. */
export class PowerLossError extends Error {
  readonly retriable = false;
  override readonly name = 'PowerLossError';
}

interface FileNode {
  readonly id: number;
  readonly bytes: Uint8Array;
  isSynced: boolean;
  readonly modifiedMs: number;
  changedMs: number;
}

/** What a name has pointed to since its folder was last synced: the first is on the disk, the last is what programs see. */
type NameHistory = (FileNode | undefined)[];

/** In [0, 1). */
type Draw = () => number;

/**
 * A file system in memory that keeps over a loss of power what POSIX promises and no more: bytes of a file that was synced,
 * names of a folder that was synced. Of the rest, for each file and each name, it is drawn what has got to the disk: a name
 * may be as it was at any moment since the last sync, in any order with others; a file may be cut off or hold zeros.
 */
export class SimulatedDisk extends LakeFiles {
  readonly #folders = new Map<string, Map<string, NameHistory>>();
  #nodes = 0;
  #stepsLeft = Infinity;
  #isDead = false;
  #onPowerLoss: () => void = () => undefined;
  /** Calls that change the disk, so far. */
  steps = 0;
  /** Its clock; a test may set another. */
  now: () => number = Date.now;

  /** Cuts the power just before the n-th step from now on (1: the next). */
  losePowerAt(step: number, onPowerLoss: () => void): void {
    this.#stepsLeft = step;
    this.#onPowerLoss = onPowerLoss;
  }

  /** The disk as the machine finds it when it is started again. */
  afterPowerLoss(draw: Draw): SimulatedDisk {
    const disk = new SimulatedDisk();
    disk.now = this.now;
    const kept = new Map<FileNode, FileNode>();
    for (const [folder, names] of this.#folders)
      for (const [name, history] of names) {
        const node = history[Math.floor(draw() * history.length)];
        if (node === undefined) continue;
        if (!kept.has(node)) kept.set(node, disk.#node(node.isSynced ? node.bytes : torn(node.bytes, draw)));
        disk.#names(folder).set(name, [kept.get(node)]);
      }
    for (const node of kept.values()) node.isSynced = true;
    return disk;
  }

  list(folder: string): Promise<readonly string[]> {
    return this.#look(() => {
      const there: string[] = [];
      for (const [name, history] of this.#folders.get(folder) ?? [])
        if (history.at(-1) !== undefined) there.push(name);
      return there;
    });
  }

  makeFolder(folder: string): Promise<void> {
    return this.#step(() => {
      for (let made = folder; made !== dirname(made); made = dirname(made)) this.#names(made);
    });
  }

  touch(path: string): Promise<void> {
    return this.writeBytes(path, new Uint8Array());
  }

  async readText(path: string): Promise<string | undefined> {
    const bytes = await this.readBytes(path);
    return bytes && Buffer.from(bytes).toString();
  }

  readBytes(path: string): Promise<Uint8Array | undefined> {
    return this.#look(() => this.#find(path)?.bytes);
  }

  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    return this.#step(() => {
      this.#putIfAbsent(path, this.#node(bytes));
    });
  }

  syncFile(path: string): Promise<void> {
    return this.#step(() => {
      this.#existing(path).isSynced = true;
    });
  }

  syncFolder(folder: string): Promise<void> {
    return this.#step(() => {
      const names = this.#names(folder);
      for (const [name, history] of names) names.set(name, history.slice(-1));
    });
  }

  link(existing: string, name: string): Promise<void> {
    return this.#step(() => {
      const node = this.#existing(existing);
      this.#putIfAbsent(name, node);
      node.changedMs = this.now();
    });
  }

  replace(existing: string, name: string): Promise<void> {
    return this.#step(() => {
      this.#history(name).push(this.#existing(existing));
      this.#history(existing).push(undefined);
    });
  }

  facts(path: string): Promise<FileFacts> {
    return this.#look(() => {
      const { id, bytes, modifiedMs, changedMs } = this.#existing(path);
      return { identity: String(id), modifiedMs, changedMs, bytes: bytes.length };
    });
  }

  unlink(path: string): Promise<void> {
    return this.#step(() => {
      if (this.#find(path) !== undefined) this.#history(path).push(undefined);
    });
  }

  // As in a real one, nothing has happened yet when a call returns.
  async #look<T>(look: () => T): Promise<T> {
    await Promise.resolve();
    if (this.#isDead) throw new PowerLossError('There is no power');
    return look();
  }

  #step(change: () => void): Promise<void> {
    return this.#look(() => {
      this.steps++;
      if (--this.#stepsLeft === 0) {
        this.#isDead = true;
        this.#onPowerLoss();
        throw new PowerLossError('The power was lost');
      }
      change();
    });
  }

  #node(bytes: Uint8Array): FileNode {
    const now = this.now();
    return { id: ++this.#nodes, bytes, isSynced: false, modifiedMs: now, changedMs: now };
  }

  #names(folder: string): Map<string, NameHistory> {
    let names = this.#folders.get(folder);
    if (names === undefined) this.#folders.set(folder, (names = new Map<string, NameHistory>()));
    return names;
  }

  #history(path: string): NameHistory {
    const names = this.#folders.get(dirname(path));
    if (names === undefined) throw systemError('ENOENT', dirname(path));
    const name = path.slice(path.lastIndexOf('/') + 1);
    let history = names.get(name);
    if (history === undefined) names.set(name, (history = [undefined]));
    return history;
  }

  #find(path: string): FileNode | undefined {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.#folders.get(dirname(path))?.get(name)?.at(-1);
  }

  #existing(path: string): FileNode {
    const node = this.#find(path);
    if (node === undefined) throw systemError('ENOENT', path);
    return node;
  }

  #putIfAbsent(path: string, node: FileNode): void {
    if (this.#find(path) !== undefined) throw systemError('EEXIST', path);
    this.#history(path).push(node);
  }
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/** All of it, its beginning, or its beginning and zeros for the rest: the length may be on the disk before the bytes are. */
function torn(bytes: Uint8Array, draw: Draw): Uint8Array {
  const kind = draw();
  if (kind < 0.25) return bytes;
  const kept = bytes.subarray(0, Math.floor(draw() * bytes.length));
  if (kind < 0.6) return kept;
  const zeros = new Uint8Array(bytes.length);
  zeros.set(kept);
  return zeros;
}
