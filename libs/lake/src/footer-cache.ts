import type { DuckDBConnection } from '@duckdb/node-api';
import { dirname } from 'node:path';
import { messageOf } from './error-message.js';
import type { Footers } from './chain-walk.js';
import { ChainDamagedError, parseFooter } from './footer.js';
import type { SegmentFooter } from './ports.js';
import { sqlFiles } from './sql-text.js';

const FILES_A_QUERY = 256;

/** Footers of segments, read once per name: what has a name never changes. */
export class FooterCache implements Footers {
  readonly #folders = new Map<string, Map<string, SegmentFooter>>();
  readonly #texts = new Map<string, string>();

  constructor(private readonly connection: DuckDBConnection) {}

  /** Throws `ChainDamagedError` for a file that is there and cannot be read. */
  async footerOf(path: string): Promise<SegmentFooter> {
    const known = this.#folder(path).get(path);
    if (known !== undefined) return known;
    try {
      await this.#read([path]);
    } catch (error) {
      if (isMissingFile(error) || error instanceof ChainDamagedError) throw error;
      throw new ChainDamagedError(path, messageOf(error), { cause: error });
    }
    const footer = this.#folder(path).get(path);
    if (footer === undefined) throw new ChainDamagedError(path, 'it has no footer of a segment');
    return footer;
  }

  /** Reads many at once. A file that cannot be read is left for `footerOf` to complain of, should anybody need it. */
  async preload(paths: readonly string[]): Promise<void> {
    const missing = paths.filter((path) => !this.#folder(path).has(path));
    for (let at = 0; at < missing.length; at += FILES_A_QUERY) {
      await this.#read(missing.slice(at, at + FILES_A_QUERY)).catch(() => undefined);
    }
  }

  /** Forgets a folder's other files: a name that is gone may come back with another content. */
  retain(folder: string, paths: ReadonlySet<string>): void {
    const known = this.#folders.get(folder);
    for (const path of known?.keys() ?? []) if (!paths.has(path)) known?.delete(path);
  }

  async #read(paths: readonly string[]): Promise<void> {
    const result = await this.connection.runAndReadAll(
      `SELECT file_name, decode(key), decode(value) FROM parquet_kv_metadata(${sqlFiles(paths)})`,
    );
    const entries = new Map<string, Map<string, string>>();
    for (const [file, key, value] of result.getRows() as [string, string, string][]) {
      let ofFile = entries.get(file);
      if (ofFile === undefined) entries.set(file, (ofFile = new Map<string, string>()));
      ofFile.set(key, this.#interned(value));
    }
    for (const [file, ofFile] of entries) this.#folder(file).set(file, parseFooter(file, ofFile));
  }

  #folder(path: string): Map<string, SegmentFooter> {
    const folder = dirname(path);
    let known = this.#folders.get(folder);
    if (known === undefined) this.#folders.set(folder, (known = new Map<string, SegmentFooter>()));
    return known;
  }

  /** Schema, rules and topic are the same in thousands of footers. */
  #interned(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    if (this.#texts.size < 100) this.#texts.set(text, text);
    return text;
  }
}

/** Whether DuckDB failed because a file is not there (any more). */
export function isMissingFile(error: unknown): boolean {
  return /No such file or directory|No files found that match/.test(messageOf(error));
}
