import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { TableSchema } from '@engine/medallion';
import { parseSchemaText } from './column-sql.js';
import { storedOrderSql } from './compacted-order.js';
import { contentSql } from './content-sql.js';
import type { SegmentFooter } from './ports.js';
import { messageOf } from './error-message.js';
import { copySql } from './segment-writer.js';
import { sqlFiles, sqlName } from './sql-text.js';

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

/**
 * Merges with DuckDB, one merge at a time, each in a database of its own: only with the database its memory goes back to the
 * system, some 100 MiB after a large merge. Rows beyond its memory limit are swapped to the disk.
 */
export class DuckDbMerger implements SegmentMerger {
  #connection: DuckDBConnection | undefined;
  #interruption = new AbortController();

  constructor(private readonly openDatabase: () => Promise<DuckDBInstance>) {}

  async merge(
    table: TableSchema,
    paths: readonly string[],
    footer: SegmentFooter,
    path: string,
  ): Promise<void> {
    const { signal } = (this.#interruption = new AbortController());
    const instance = await this.openDatabase();
    try {
      const connection = (this.#connection = await instance.connect());
      // It may have come while there was nothing to interrupt yet.
      signal.throwIfAborted();
      await mergeWith(connection, table, paths, { footer, path });
    } finally {
      this.#connection?.closeSync();
      this.#connection = undefined;
      instance.closeSync();
    }
  }

  /** Ends what is under way with an error. */
  interrupt(): void {
    this.#interruption.abort(new Error('Merging segments was interrupted'));
    this.#connection?.interrupt();
  }
}

async function mergeWith(
  connection: DuckDBConnection,
  table: TableSchema,
  paths: readonly string[],
  to: { readonly footer: SegmentFooter; readonly path: string },
): Promise<void> {
  const { footer, path } = to;
  const columns = parseSchemaText(footer.schema);
  const names = Object.keys(columns).map(sqlName).join(', ');
  const select = `SELECT ${names} FROM read_parquet(${sqlFiles(paths)})${storedOrderSql(table)}`;
  await runInMemory(connection, copySql(select, path, footer));
  // From what is in the new file: neither a damaged segment nor a wrong merge must ever replace the rows.
  const read = await connection.runAndReadAll(
    `SELECT CAST(count(*) AS DOUBLE), ${contentSql(columns)} FROM read_parquet(${sqlFiles([path])})`,
  );
  const [rows, content] = read.getRows()[0] as [number, string];
  if (rows !== footer.rows || content !== footer.content)
    throw new MergeDiffersError(paths, `${rows} rows of content ${content}`, footer);
}

async function runInMemory(connection: DuckDBConnection, sql: string): Promise<void> {
  try {
    await connection.run(sql);
  } catch (error) {
    if (!messageOf(error).startsWith('Out of Memory Error')) throw error;
    throw new MergeTooLargeError(messageOf(error), { cause: error });
  }
}
