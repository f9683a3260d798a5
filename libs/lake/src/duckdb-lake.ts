import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { bronzeEvents, laneOf } from '@engine/medallion';
import type { TableSchema } from '@engine/medallion';
import { walkFolder } from './chain-walk.js';
import type { WalkedSegment } from './chain-walk.js';
import { DuckDbChain } from './duckdb-chain.js';
import type { ChainTools } from './duckdb-chain.js';
import { openDuckDb } from './duckdb.js';
import { FooterCache } from './footer-cache.js';
import { scanByEventTime } from './event-time-scan.js';
import type { PartitionEvents } from './event-time-scan.js';
import { readFacts } from './generation-facts.js';
import type { EventTimeHistoryFacts, GenerationFacts } from './generation-facts.js';
import type { LakeFiles } from './lake-files.js';
import { namingIoErrors } from './lake-io.error.js';
import { LakeFolders } from './lake-folders.js';
import type { Generations } from './lake-folders.js';
import { NodeLakeFiles } from './node-lake-files.js';
import { ChainStore } from './ports.js';
import type { Chain, StoredChain } from './ports.js';
import { scanFiles } from './scan-files.js';
import type { ScannedRows } from './scanned-rows.js';
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

const FILES_A_SCAN = 64;

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

  static open(options: DuckDbLakeOptions): Promise<DuckDbLake> {
    return namingIoErrors(options.folder, () => DuckDbLake.#open(options));
  }

  static async #open(options: DuckDbLakeOptions): Promise<DuckDbLake> {
    const { memoryLimit = '128MB', threads = 1, files = new NodeLakeFiles(), generations } = options;
    // DuckDB makes the folder it swaps to only when it must, and not its parent.
    await files.makeFolder(resolve(options.folder, '_tmp'));
    const root = await realpath(options.folder);
    const folders = await LakeFolders.chosen(root, generations, files);
    const instance = await openDuckDb({ memoryLimit, threads }, join(root, '_tmp', randomUUID()));
    const [writing, reading] = [await instance.connect(), await instance.connect()];
    const tools = {
      files,
      writer: new SegmentWriter(writing, memoryLimit),
      footers: new FooterCache(reading),
    };
    return new DuckDbLake(instance, [writing, reading], folders, tools);
  }

  async open(table: TableSchema, lane: number): Promise<Chain> {
    const folder = this.folders.lane(table.name, lane);
    return namingIoErrors(folder, () => DuckDbChain.open(table, lane, folder, this.tools));
  }

  async read(table: TableSchema, lane: number): Promise<StoredChain> {
    const { files, footers } = this.tools;
    const folder = this.folders.lane(table.name, lane);
    const { start, end, segments } = await walkFolder(files, folder, footers);
    footers.retain(folder, new Set());
    return {
      start,
      end,
      segments: segments.map(({ footer }) => footer),
      scan: (from, columns) => {
        const wanted = segments.filter(({ footer }) => footer.next > from);
        return this.#scan(table, wanted, columns);
      },
    };
  }

  generation(layer: string): Promise<GenerationFacts> {
    return readFacts(this.folders.layer(layer), this.tools.files);
  }

  async *acceptedByEventTime(
    { lane, lanes }: { readonly lane: number; readonly lanes: number },
    ends: EventTimeHistoryFacts['partitionEnds'],
  ): AsyncGenerator<ScannedRows, void> {
    const { files, footers } = this.tools;
    const partitions: PartitionEvents[] = [];
    for (const [partition, end = 0] of Object.entries(ends)) {
      const folder = this.folders.lane(bronzeEvents.name, Number(partition));
      const { segments } = await walkFolder(files, folder, footers);
      partitions.push({ partition: Number(partition), segments, end });
    }
    yield* scanByEventTime(this.instance, partitions, (symbol) => laneOf(symbol, lanes) === lane);
  }

  /** Publishing and reading must have ended. */
  close(): void {
    for (const connection of this.connections) connection.closeSync();
    this.instance.closeSync();
  }

  /** A connection of its own, since a scan lasts; and some files at a time, since DuckDB holds something of each. */
  async *#scan(
    table: TableSchema,
    segments: readonly WalkedSegment[],
    columns: readonly string[],
  ): AsyncGenerator<ScannedRows, void> {
    for (let at = 0; at < segments.length; at += FILES_A_SCAN)
      yield* scanFiles(this.instance, table, segments.slice(at, at + FILES_A_SCAN), columns);
  }
}
