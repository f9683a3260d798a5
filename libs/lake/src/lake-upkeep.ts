import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { tables } from '@engine/medallion';
import type { TableSchema } from '@engine/medallion';
import { ChainUpkeep } from './chain-upkeep.js';
import type { UpkeepReport, UpkeepRules, UpkeepTools } from './chain-upkeep.js';
import { openDuckDb } from './duckdb.js';
import { FooterCache } from './footer-cache.js';
import type { LakeFiles } from './lake-files.js';
import { LakeFolders } from './lake-folders.js';
import { namingIoErrors } from './lake-io.error.js';
import { NodeLakeFiles } from './node-lake-files.js';
import { DuckDbMerger } from './segment-merger.js';

export interface LakeUpkeepOptions {
  /** The lake's root; made where it is missing. */
  readonly folder: string;
  /** Whose tables are looked after. */
  readonly layer: string;
  readonly rules: UpkeepRules;
  /** Of a compaction, as DuckDB writes it. Default `64MB`; rows beyond it are swapped to the lake's `_tmp`. */
  readonly memoryLimit?: string;
  readonly files?: LakeFiles;
}

/**
 * Compaction and retention of the chains of those lanes that are ours. It has a database of its own with one thread, so
 * that neither memory nor a lock is shared with the publishing of segments.
 */
export class LakeUpkeep {
  readonly tables: readonly TableSchema[];
  readonly #chains = new Map<string, ChainUpkeep>();

  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    private readonly folders: LakeFolders,
    private readonly tools: Omit<UpkeepTools, 'footers'> & { readonly merger: DuckDbMerger },
    private readonly options: LakeUpkeepOptions,
  ) {
    this.tables = tables.filter(({ name }) => name.startsWith(`${options.layer}/`));
  }

  static open(options: LakeUpkeepOptions): Promise<LakeUpkeep> {
    return namingIoErrors(options.folder, () => LakeUpkeep.#open(options));
  }

  static async #open(options: LakeUpkeepOptions): Promise<LakeUpkeep> {
    const { files = new NodeLakeFiles(), memoryLimit = '64MB' } = options;
    await files.makeFolder(resolve(options.folder, '_tmp'));
    const root = await realpath(options.folder);
    const folders = await LakeFolders.read(root, files);
    const instance = await openDuckDb({ memoryLimit, threads: 1 }, join(root, '_tmp', randomUUID()));
    const merger = new DuckDbMerger({ instance, memoryLimit, files });
    return new LakeUpkeep(instance, await instance.connect(), folders, { files, merger }, options);
  }

  /** Does what is due in one chain; one at a time. Nothing is lost when it fails, or is killed: it is due again. */
  tend(table: TableSchema, lane: number): Promise<UpkeepReport> {
    const folder = this.folders.lane(table.name, lane);
    return namingIoErrors(folder, () => this.#chain(table, folder).tend());
  }

  /** Ends a compaction that is under way: `tend` rejects. */
  interrupt(): void {
    this.tools.merger.interrupt();
  }

  /** `tend` must have ended. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  #chain(table: TableSchema, folder: string): ChainUpkeep {
    let chain = this.#chains.get(folder);
    if (chain === undefined) {
      const tools = { ...this.tools, footers: new FooterCache(this.connection) };
      this.#chains.set(folder, (chain = new ChainUpkeep(table, folder, tools, this.options.rules)));
    }
    return chain;
  }
}
