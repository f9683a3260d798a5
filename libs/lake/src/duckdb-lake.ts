import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { TableSchema } from '@engine/medallion';
import { DuckDbChain } from './duckdb-chain.js';
import type { ChainTools } from './duckdb-chain.js';
import { openDuckDb } from './duckdb.js';
import { FooterCache } from './footer-cache.js';
import type { LakeFiles } from './lake-files.js';
import { LakeFolders } from './lake-folders.js';
import type { Generations } from './lake-folders.js';
import { NodeLakeFiles } from './node-lake-files.js';
import { ChainStore } from './ports.js';
import type { Chain } from './ports.js';
import { SegmentWriter } from './segment-writer.js';

export interface DuckDbLakeOptions {
  /** The lake's root; made where it is missing. */
  readonly folder: string;
  /** As DuckDB writes it. Default `128MB`; rows beyond it are swapped to the lake's `_tmp`. */
  readonly memoryLimit?: string;
  /** Default 1: a layer app leaves the other cores to its neighbours. */
  readonly threads?: number;
  /** For a backfill: the folder of a layer's new generation. Default: what `_generations.json` says. */
  readonly generations?: Generations;
  readonly files?: LakeFiles;
}

/** The lake for those who write: one DuckDB in memory, chains of Parquet files. */
export class DuckDbLake extends ChainStore {
  private constructor(
    private readonly instance: DuckDBInstance,
    private readonly connections: readonly DuckDBConnection[],
    private readonly folders: LakeFolders,
    private readonly tools: ChainTools,
  ) {
    super();
  }

  static async open(options: DuckDbLakeOptions): Promise<DuckDbLake> {
    const { memoryLimit = '128MB', threads = 1, files = new NodeLakeFiles(), generations } = options;
    // DuckDB makes the folder it swaps to only when it must, and not its parent.
    await files.makeFolder(resolve(options.folder, '_tmp'));
    const root = await realpath(options.folder);
    const folders =
      generations === undefined ? await LakeFolders.read(root, files) : new LakeFolders(root, generations);
    const instance = await openDuckDb({ memoryLimit, threads }, join(root, '_tmp', randomUUID()));
    const [writing, reading] = [await instance.connect(), await instance.connect()];
    const tools = { files, writer: new SegmentWriter(writing), footers: new FooterCache(reading) };
    return new DuckDbLake(instance, [writing, reading], folders, tools);
  }

  async open(table: TableSchema, lane: number): Promise<Chain> {
    return DuckDbChain.open(table, lane, this.folders.lane(table.name, lane), this.tools);
  }

  /** Publishing must have ended. */
  close(): void {
    for (const connection of this.connections) connection.closeSync();
    this.instance.closeSync();
  }
}
