import { LakeFiles, LakeIoError } from '@engine/lake';
import type { FileFacts } from '@engine/lake';
import type { SimulatedDisk } from '@engine/lake/testing';

import type { World } from '../machine/world.js';

/** Who is told of what has changed on the disk. */
export interface DiskWatch {
  linked(path: string): Promise<void>;
  synced(folder: string): void;
  replaced(path: string): void;
  unlinked(path: string): void;
}

/** The file system as the processes of one world see it: every call takes its time and has its fate. */
export class WorldFiles extends LakeFiles {
  constructor(
    private readonly world: World,
    /** Another one after a loss of power. */
    public disk: SimulatedDisk,
    private readonly watch: DiskWatch,
  ) {
    super();
  }

  /** A listing is no moment: of the names that are made from the call to its effect it has some and misses others. */
  async list(folder: string): Promise<readonly string[]> {
    const early = new Set(await this.disk.list(folder));
    const late = await this.#read(`list ${folder}`, () => this.disk.list(folder));
    return late.filter((name) => early.has(name) || this.world.director.sees(`${folder}/${name}`));
  }

  makeFolder(folder: string): Promise<void> {
    return this.#write(`mkdir ${folder}`, () => this.disk.makeFolder(folder));
  }

  touch(path: string): Promise<void> {
    return this.#write(`touch ${path}`, () => this.disk.touch(path));
  }

  readText(path: string): Promise<string | undefined> {
    return this.#read(`read ${path}`, () => this.disk.readText(path));
  }

  readBytes(path: string): Promise<Uint8Array | undefined> {
    return this.#read(`read ${path}`, () => this.disk.readBytes(path));
  }

  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    return this.#write(`write ${path}`, () => this.disk.writeBytes(path, bytes));
  }

  syncFile(path: string): Promise<void> {
    return this.#write(`fsync ${path}`, () => this.disk.syncFile(path));
  }

  syncFolder(folder: string): Promise<void> {
    return this.#write(`fsync ${folder}`, async () => {
      await this.disk.syncFolder(folder);
      this.watch.synced(folder);
    });
  }

  link(existing: string, name: string): Promise<void> {
    return this.#write(`link ${name}`, async () => {
      await this.disk.link(existing, name);
      await this.watch.linked(name);
    });
  }

  replace(existing: string, name: string): Promise<void> {
    return this.#write(`rename ${name}`, async () => {
      await this.disk.replace(existing, name);
      this.watch.replaced(name);
    });
  }

  facts(path: string): Promise<FileFacts> {
    return this.#read(`stat ${path}`, () => this.disk.facts(path));
  }

  unlink(path: string): Promise<void> {
    return this.#read(`unlink ${path}`, async () => {
      await this.disk.unlink(path);
      this.watch.unlinked(path);
    });
  }

  #read<T>(label: string, act: () => Promise<T>): Promise<T> {
    return this.world.call({ kind: 'file', label }, act, refuse);
  }

  #write<T>(label: string, act: () => Promise<T>): Promise<T> {
    return this.world.call({ kind: 'file', label, isWrite: true }, act, refuse);
  }
}

const refuse = (code: string, label: string): Error =>
  new LakeIoError(code, `${label} was refused with ${code}`);
