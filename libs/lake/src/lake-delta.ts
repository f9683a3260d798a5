import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { tables } from '@engine/medallion';
import type { TableSchema } from '@engine/medallion';
import { DeltaTable } from './delta/delta-table.js';
import { openDuckDb } from './duckdb.js';
import { FooterCache } from './footer-cache.js';
import type { LakeFiles } from './lake-files.js';
import { LakeFolders } from './lake-folders.js';
import { namingIoErrors } from './lake-io.error.js';
import { NodeLakeFiles } from './node-lake-files.js';

export interface LakeDeltaOptions {
  /** The lake's root; made where it is missing. */
  readonly folder: string;
  /** Whose tables have a log. */
  readonly layer: string;
  /** How long files stay that were compacted or retired. */
  readonly graceMs: number;
  /** Commits between two checkpoints. Default 50. */
  readonly checkpointEvery?: number;
  readonly files?: LakeFiles;
}

/** A version is good for as long as the files that it names are there, and a reader has a minute in any case. */
const keptFor = (graceMs: number): number => Math.max(2 * graceMs, 60_000);

/** The Delta logs of a layer's tables, for those who own lanes. Calls must not overlap. */
export class LakeDelta {
  readonly tables: readonly TableSchema[];
  readonly #logs: ReadonlyMap<string, DeltaTable>;

  private constructor(
    private readonly root: string,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
    folders: LakeFolders,
    { layer, graceMs, checkpointEvery = 50, files = new NodeLakeFiles() }: LakeDeltaOptions,
  ) {
    this.tables = tables.filter(({ name }) => name.startsWith(`${layer}/`));
    const rules = { checkpointEvery, keptMs: keptFor(graceMs) };
    const tools = { files, connection, footers: new FooterCache(connection) };
    this.#logs = new Map(
      this.tables.map((table) => [
        table.name,
        new DeltaTable(table, folders.table(table.name), tools, rules),
      ]),
    );
  }

  static open(options: LakeDeltaOptions): Promise<LakeDelta> {
    return namingIoErrors(options.folder, async () => {
      const { files = new NodeLakeFiles() } = options;
      await files.makeFolder(resolve(options.folder));
      const root = await realpath(options.folder);
      const folders = await LakeFolders.read(root, files);
      // Footers and a few hundred actions: it never needs much.
      const instance = await openDuckDb({ memoryLimit: '32MB', threads: 1 }, undefined);
      return new LakeDelta(root, instance, await instance.connect(), folders, options);
    });
  }

  /**
   * Brings a table's log up to what is published in these lanes, whoever published it; says which version is the newest.
   * Nothing is lost when it fails, or is killed: the next call does what is left.
   */
  async sync(table: string, lanes: readonly number[]): Promise<number> {
    const log = this.#logs.get(table);
    if (log === undefined) throw new RangeError(`The layer has no table ${table}`);
    return namingIoErrors(this.root, () => log.sync(lanes));
  }

  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }
}
