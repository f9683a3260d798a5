import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, DuckDBResult } from '@duckdb/node-api';
import { tables } from '@engine/medallion';
import type { ChainWalk } from './chain-walk.js';
import { ConnectionPool } from './connection-pool.js';
import { contentOfFiles } from './content-of-files.js';
import { confine, openDuckDb } from './duckdb.js';
import { FooterCache, isMissingFile } from './footer-cache.js';
import type { JsonValue } from './json-value.js';
import type { LakeFiles } from './lake-files.js';
import { LakeIndex } from './lake-index.js';
import { NodeLakeFiles } from './node-lake-files.js';
import type { SegmentFooter } from './ports.js';
import { QueryLease } from './query-lease.js';
import { bindParameters } from './select-parameters.js';
import type { SelectParameter } from './select-parameters.js';
import { SelectResult } from './select-result.js';
import { Turnstile } from './turnstile.js';
import { explained, prepareUserSelect } from './user-select.js';
import { CURRENT_BARS_SQL, viewSql } from './views.js';
import type { LaneWalks } from './views.js';

export interface LakeReaderOptions {
  /** The lake's root; made where it is missing. */
  readonly folder: string;
  /** As DuckDB writes it. Default `128MB`; a query that needs more fails. */
  readonly memoryLimit?: string;
  /** Default 1. */
  readonly threads?: number;
  /** How many queries run at once, the others wait. Default 2. */
  readonly connections?: number;
  /** How many may wait; one more is refused with `TooManyQueriesError`. Default 1000. */
  readonly maxWaiting?: number;
  /** A query that runs for longer is stopped with `QueryTimeoutError`. Default: none is. */
  readonly timeoutMs?: number;
  readonly files?: LakeFiles;
}

interface ReaderParts {
  readonly instance: DuckDBInstance;
  readonly pool: ConnectionPool;
  /** For footers and views, so that these never wait for queries. */
  readonly connection: DuckDBConnection;
  readonly footers: FooterCache;
  readonly index: LakeIndex;
  readonly timeoutMs: number | undefined;
}

/**
 * The lake for those who read: exact lists of files and SQL over them. It shows the lake as it was at the last
 * `refresh()`. Its database reads nothing outside the lake's folder.
 */
export class LakeReader {
  #tables: ReadonlyMap<string, LaneWalks> = new Map();
  readonly #views = new Map<string, string>();
  readonly #refreshing = new Turnstile();

  private constructor(private readonly parts: ReaderParts) {}

  static async open(options: LakeReaderOptions): Promise<LakeReader> {
    const { memoryLimit = '128MB', threads = 1, connections = 2, maxWaiting = 1000 } = options;
    const { files = new NodeLakeFiles(), timeoutMs } = options;
    await files.makeFolder(resolve(options.folder));
    const root = await realpath(options.folder);
    const instance = await openDuckDb({ memoryLimit, threads }, undefined);
    await confine(instance, root);
    const connection = await instance.connect();
    const pool = await ConnectionPool.open(instance, connections, maxWaiting);
    const footers = new FooterCache(connection);
    const index = new LakeIndex(root, files, footers);
    const reader = new LakeReader({ instance, connection, pool, footers, index, timeoutMs });
    await reader.refresh();
    return reader;
  }

  /** Lists the lake anew; queries that begin afterwards see it. */
  async refresh(): Promise<void> {
    await this.#refreshing.pass(async () => {
      this.#tables = await this.parts.index.read();
      for (const table of tables)
        await this.#defineView(table.name, viewSql(table, this.#laneWalks(table.name)));
      await this.#defineView('current bars', CURRENT_BARS_SQL);
    });
  }

  /** The lanes a table has, ascending. */
  lanes(table: string): readonly number[] {
    return [...this.#laneWalks(table).keys()];
  }

  /** A table's files as the last refresh walked them: lane by lane, each in the order of its chain. */
  files(table: string): readonly string[] {
    return [...this.#laneWalks(table).values()].flatMap(({ segments }) => segments.map(({ path }) => path));
  }

  /** By lane: where the table's chain ends. */
  chainEnds(table: string): ReadonlyMap<number, number> {
    return new Map([...this.#laneWalks(table)].map(([lane, { end }]) => [lane, end]));
  }

  /** By lane: the footer of the chain's last segment, where it has one. */
  lastFooters(table: string): ReadonlyMap<number, SegmentFooter> {
    return new Map(
      [...this.#laneWalks(table)].flatMap(([lane, { segments }]) => {
        const last = segments.at(-1);
        return last === undefined ? [] : [[lane, last.footer] as const];
      }),
    );
  }

  /** Walks one chain anew, whatever the last refresh saw. */
  async walk(table: string, lane: number): Promise<ChainWalk> {
    return this.parts.index.walk(table, lane);
  }

  /** Runs our own SQL over the views. Rows as objects by column name. */
  async query(
    sql: string,
    parameters: readonly SelectParameter[] = [],
  ): Promise<readonly Readonly<Record<string, JsonValue>>[]> {
    return (await this.stream(sql, parameters)).objects();
  }

  /** As `query`, for results that should not be in memory at once. */
  async stream(sql: string, parameters: readonly SelectParameter[] = []): Promise<SelectResult> {
    const { values, types } = bindParameters(parameters);
    return this.#select((connection) => connection.stream(sql, values, types));
  }

  /** Runs a user's SQL: exactly one SELECT over the views. Throws `UserSqlError`. */
  async runUserSelect(sql: string): Promise<SelectResult> {
    return explained(this.#select(async (connection) => (await prepareUserSelect(connection, sql)).stream()));
  }

  /** The content hash of files, computed from their rows. Rejects where a file cannot be read at all. */
  async contentOf(files: readonly string[]): Promise<string> {
    const connection = await this.parts.pool.take();
    try {
      return await contentOfFiles(connection, this.parts.footers, files);
    } finally {
      this.parts.pool.giveBack(connection);
    }
  }

  /** Queries must have ended. */
  close(): void {
    this.parts.pool.close();
    this.parts.connection.closeSync();
    this.parts.instance.closeSync();
  }

  /** A file may have been compacted away since it was listed: lists again and tries once more. */
  async #select(run: (connection: DuckDBConnection) => Promise<DuckDBResult>): Promise<SelectResult> {
    try {
      return await this.#selectOnce(run);
    } catch (error) {
      if (!isMissingFile(error)) throw error;
      await this.refresh();
      return this.#selectOnce(run);
    }
  }

  async #selectOnce(run: (connection: DuckDBConnection) => Promise<DuckDBResult>): Promise<SelectResult> {
    const lease = await QueryLease.take(this.parts.pool, this.parts.timeoutMs);
    try {
      return await lease.within(run(lease.connection).then((result) => SelectResult.start(result, lease)));
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  #laneWalks(table: string): LaneWalks {
    const walks = this.#tables.get(table);
    if (walks === undefined) throw new RangeError(`The lake has no table ${table}`);
    return walks;
  }

  async #defineView(name: string, sql: string): Promise<void> {
    if (this.#views.get(name) === sql) return;
    await this.parts.connection.run(sql);
    this.#views.set(name, sql);
  }
}
