import { link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, LakeFiles } from './lake-files.js';
import type { FileFacts } from './lake-files.js';

/** The lake's files on the local file system (or a mounted one with hard links). */
export class NodeLakeFiles extends LakeFiles {
  async list(folder: string): Promise<readonly string[]> {
    return (await unlessMissing(readdir(folder))) ?? [];
  }

  async makeFolder(folder: string): Promise<void> {
    const firstMade = await mkdir(folder, { recursive: true });
    if (firstMade === undefined) return;
    for (let made = folder; made.length >= firstMade.length; made = dirname(made))
      await this.syncFolder(dirname(made));
  }

  async touch(path: string): Promise<void> {
    await (await open(path, 'wx')).close();
  }

  async readText(path: string): Promise<string | undefined> {
    return unlessMissing(readFile(path, 'utf8'));
  }

  async readBytes(path: string): Promise<Uint8Array | undefined> {
    return unlessMissing(readFile(path));
  }

  async writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    await writeFile(path, bytes, { flag: 'wx' });
  }

  async syncFile(path: string): Promise<void> {
    await sync(path, 'r+');
  }

  async syncFolder(folder: string): Promise<void> {
    await sync(folder, 'r');
  }

  async link(existing: string, name: string): Promise<void> {
    await link(existing, name);
  }

  async replace(existing: string, name: string): Promise<void> {
    await rename(existing, name);
  }

  async facts(path: string): Promise<FileFacts> {
    const { dev, ino, mtimeMs, ctimeMs, size } = await stat(path, { bigint: true });
    return {
      identity: `${dev.toString()}:${ino.toString()}`,
      modifiedMs: Number(mtimeMs),
      changedMs: Number(ctimeMs),
      bytes: Number(size),
    };
  }

  async unlink(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

async function sync(path: string, flags: string): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
