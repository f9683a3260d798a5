import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { TableSchema } from '@engine/medallion';
import type { LakeFiles } from './lake-files.js';
import { parseSchemaText } from './column-sql.js';
import { storedOrder, storedOrderSql } from './compacted-order.js';
import { contentSql } from './content-sql.js';
import { returnFreeMemory } from './duckdb.js';
import { rangeConditions } from './merge-ranges.js';
import type { SegmentFooter } from './ports.js';
import { messageOf } from './error-message.js';
import { copySql, ROW_GROUP_ROWS } from './segment-writer.js';
import { sqlFiles, sqlName, sqlText } from './sql-text.js';

/** Several segments as one file. */
export interface SegmentMerger {
  /**
   * Writes the rows of segments to a path, not yet synced, with this footer. Throws `MergeDiffersError` where the rows are
   * not those that the footer tells of, `MergeTooLargeError` where fewer segments have to do.
   */
  merge(table: TableSchema, paths: readonly string[], footer: SegmentFooter, path: string): Promise<void>;
}

/** What was read of segments is not what they were published with: some file is damaged, or is another one by now. */
export class MergeDiffersError extends Error {
  readonly retriable = false;
  override readonly name = 'MergeDiffersError';
  constructor(paths: readonly string[], found: string, footer: SegmentFooter) {
    super(
      `${paths[0] ?? ''} and the ${paths.length - 1} segments after it have ${found}, ` +
        `their footers say ${footer.rows} rows of content ${footer.content}. ` +
        'They stay as they are; `engine verify` says which of them is damaged',
    );
  }
}

/** So many rows cannot be sorted in the memory that there is. */
export class MergeTooLargeError extends Error {
  readonly retriable = false;
  override readonly name = 'MergeTooLargeError';
}

/** So many rows are sorted at once, and so many bytes of them: with these, and not with the rows in all, memory grows. */
const ROWS_AT_ONCE = 50_000;
const BYTES_AT_ONCE = 8 * 2 ** 20;

/** A writer holds a row group until it is full. */
const ROW_GROUP_BYTES = 4 * 2 ** 20;

/**
 * Of a file that is put together of sorted ranges. The larger its row groups, the faster it is read, and nothing is sorted beside
 * them: 32,768 rows of silver/ticks take 3 MiB more memory than 16,384, and are read in 0.7 of the time.
 */
const LARGE_ROW_GROUP = { rows: 32_768, bytes: 2 * 2 ** 20 };

export interface MergerParts {
  readonly instance: DuckDBInstance;
  /** Of the instance. */
  readonly memoryLimit: string;
  readonly files: Pick<LakeFiles, 'unlink'>;
  readonly rowsAtOnce?: number;
}

/**
 * Merges with DuckDB, one merge at a time, and returns the memory to the system after each. Many rows are sorted one range after
 * the other, each into a file of its own, and the files put together: sorted at once, more of them swap to the disk the less of
 * them memory can ever bring back.
 */
export class DuckDbMerger implements SegmentMerger {
  #connection: DuckDBConnection | undefined;
  #interruption = new AbortController();

  constructor(private readonly parts: MergerParts) {}

  async merge(
    table: TableSchema,
    paths: readonly string[],
    footer: SegmentFooter,
    path: string,
  ): Promise<void> {
    const { signal } = (this.#interruption = new AbortController());
    const { instance, memoryLimit, rowsAtOnce = ROWS_AT_ONCE } = this.parts;
    const connection = (this.#connection = await instance.connect());
    const run = async (sql: string): Promise<void> => {
      // It may have come while there was nothing to interrupt.
      signal.throwIfAborted();
      await inMemory(() => connection.run(sql));
    };
    try {
      const merge = new Merge({ ...this.parts, connection, run, rowsAtOnce }, table, footer);
      await merge.write(paths, path);
      signal.throwIfAborted();
      await merge.check(paths, path);
      await returnFreeMemory(connection, memoryLimit);
    } finally {
      this.#connection = undefined;
      connection.closeSync();
    }
  }

  /** Ends what is under way with an error. */
  interrupt(): void {
    this.#interruption.abort(new Error('Merging segments was interrupted'));
    this.#connection?.interrupt();
  }
}

interface MergeTools extends Omit<Required<MergerParts>, 'instance'> {
  readonly connection: DuckDBConnection;
  readonly run: (sql: string) => Promise<void>;
}

interface RangeLimits {
  /** Rows of a range. */
  readonly most: number;
  readonly rowGroupRows: number;
  /** Of all ranges together. */
  readonly largeRowGroupRows: number;
}

class Merge {
  readonly #columns;

  constructor(
    private readonly tools: MergeTools,
    private readonly table: TableSchema,
    private readonly footer: SegmentFooter,
  ) {
    this.#columns = parseSchemaText(footer.schema);
  }

  async write(paths: readonly string[], to: string): Promise<void> {
    const { connection, run, rowsAtOnce } = this.tools;
    const { table, footer } = this;
    // Where there are none, any will do.
    const rowBytes = (await encodedBytes(connection, paths)) / footer.rows || 1;
    const rowsOf = (bytes: number): number => Math.max(1, Math.floor(bytes / rowBytes));
    const rowGroupRows = Math.min(ROW_GROUP_ROWS, rowsOf(ROW_GROUP_BYTES));
    const largeRowGroupRows = Math.max(
      rowGroupRows,
      Math.min(LARGE_ROW_GROUP.rows, rowsOf(LARGE_ROW_GROUP.bytes)),
    );
    const most = Math.min(rowsAtOnce, rowsOf(BYTES_AT_ONCE));
    if (footer.rows <= most)
      await run(copySql(this.#select(paths, storedOrderSql(table)), to, footer, rowGroupRows));
    else await this.#writeByRanges(paths, to, { most, rowGroupRows, largeRowGroupRows });
  }

  /** From what is in the new file: neither a damaged segment nor a wrong merge must ever replace the rows. */
  async check(paths: readonly string[], merged: string): Promise<void> {
    const { footer } = this;
    const read = await this.tools.connection.runAndReadAll(
      `SELECT CAST(count(*) AS DOUBLE), ${contentSql(this.#columns)} FROM ${parquet([merged])}`,
    );
    const [rows, content] = read.getRows()[0] as [number, string];
    if (rows !== footer.rows || content !== footer.content)
      throw new MergeDiffersError(paths, `${rows} rows of content ${content}`, footer);
  }

  async #writeByRanges(paths: readonly string[], to: string, limits: RangeLimits): Promise<void> {
    const { connection, memoryLimit, run, files } = this.tools;
    const order = storedOrder(this.table);
    const rows = { from: parquet(paths), rows: this.footer.rows, columns: this.#columns, order };
    const conditions = await inMemory(() => rangeConditions(connection, rows, limits.most));
    const parts = conditions.map((condition, at) => ({ condition, path: `${to}.${at}` }));
    try {
      for (const { condition, path } of parts) {
        const select = this.#select(paths, ` WHERE ${condition}${storedOrderSql(this.table)}`);
        await run(
          `COPY (${select}) TO ${sqlText(path)} (FORMAT parquet, ROW_GROUP_SIZE ${limits.rowGroupRows})`,
        );
        await returnFreeMemory(connection, memoryLimit);
      }
      const sorted = parts.map(({ path }) => path);
      await run(copySql(this.#select(sorted, ''), to, this.footer, limits.largeRowGroupRows));
    } finally {
      for (const { path } of parts) await files.unlink(path).catch(() => undefined);
    }
  }

  #select(paths: readonly string[], rest: string): string {
    const names = Object.keys(this.#columns).map(sqlName).join(', ');
    return `SELECT ${names} FROM ${parquet(paths)}${rest}`;
  }
}

/** Before compression: about what a sort of their rows takes at least. */
async function encodedBytes(connection: DuckDBConnection, paths: readonly string[]): Promise<number> {
  const read = await connection.runAndReadAll(
    `SELECT CAST(coalesce(sum(total_uncompressed_size), 0) AS DOUBLE) FROM parquet_metadata(${sqlFiles(paths)})`,
  );
  return (read.getRows()[0] as [number])[0];
}

const parquet = (paths: readonly string[]): string => `read_parquet(${sqlFiles(paths)})`;

async function inMemory<T>(query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    if (!messageOf(error).startsWith('Out of Memory Error')) throw error;
    throw new MergeTooLargeError(messageOf(error), { cause: error });
  }
}
