import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileFormat, FileHead } from './detect.js';
import { fileFormat } from './detect.js';
import { InvalidFeedError } from './feed-error.js';
import { LineSplitter, withoutCarriageReturn } from './lines.js';

const HEAD_BYTES = 10 * 1024;

export interface FeedFile {
  readonly path: string;
  readonly format: FileFormat;
}

/** The file, or the folder's files in the order of their names (hidden ones and folders left out), each with its format. */
export async function findFeedFiles(path: string, format: string): Promise<readonly FeedFile[]> {
  const files: FeedFile[] = [];
  const problems: string[] = [];
  for (const file of await listFiles(path)) {
    try {
      files.push({ path: file, format: fileFormat(await readHead(file), format) });
    } catch (error) {
      if (!(error instanceof InvalidFeedError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new InvalidFeedError(problems.join('\n'));
  return files;
}

/** SHA-256 in hex of a file's bytes; of several files, of their hashes one after the other. */
export async function contentHash(files: readonly FeedFile[]): Promise<string> {
  const hashes: string[] = [];
  for (const { path } of files) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    hashes.push(hash.digest('hex'));
  }
  return hashes.length === 1 ? hashes[0]! : createHash('sha256').update(hashes.join('\n')).digest('hex');
}

async function listFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((error: unknown) => {
    throw new InvalidFeedError(`FEED_FILE=${path} cannot be read: ${String(error)}`);
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  if (names.length === 0) throw new InvalidFeedError(`FEED_FILE=${path} is a folder without files.`);
  return names.sort().map((name) => join(path, name));
}

/** The first lines that are not blank. */
async function readHead(path: string): Promise<FileHead> {
  const file = await open(path).catch((error: unknown) => {
    throw new InvalidFeedError(`${path} cannot be read: ${String(error)}`);
  });
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const splitter = new LineSplitter();
    const lines = [...splitter.push(buffer.subarray(0, bytesRead)), ...splitter.end()];
    return {
      path,
      lines: lines.map((line) => withoutCarriageReturn(line).toString()).filter((line) => line.trim() !== ''),
    };
  } finally {
    await file.close();
  }
}
