import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableSchema } from '@engine/medallion';
import { contentSql } from './content-sql.js';
import { draftFooter } from './draft.js';
import { footerEntries } from './footer.js';
import type { SegmentDraft, SegmentFooter } from './ports.js';
import { sqlText } from './sql-text.js';
import { withStagedRows } from './staging.js';
import { Turnstile } from './turnstile.js';

/** Writes segments, one at a time: the rows of several at once could exceed the memory limit. */
export class SegmentWriter {
  readonly #turnstile = new Turnstile();

  constructor(private readonly connection: DuckDBConnection) {}

  /** Writes the draft's rows in their order to `path`, not yet synced, and returns the footer that stands in the file. */
  async write(table: TableSchema, first: number, draft: SegmentDraft, path: string): Promise<SegmentFooter> {
    return this.#turnstile.pass(() =>
      withStagedRows(this.connection, table, draft.batches, async (select) => {
        const footer = draftFooter(table, first, draft, await this.#contentOf(table, select));
        await this.connection.run(copySql(select, path, footer));
        return footer;
      }),
    );
  }

  async #contentOf(table: TableSchema, select: string): Promise<string> {
    const result = await this.connection.runAndReadAll(
      `SELECT ${contentSql(table.columns)} FROM (${select})`,
    );
    return String(result.getRows()[0]?.[0]);
  }
}

/** A quarter of the default: what DuckDB holds of a row group until it is full is most of a publish's memory. */
const ROW_GROUP_ROWS = 32_768;

/** Writes the rows of a SELECT, in its order, to a file of the lake. */
export function copySql(select: string, path: string, footer: SegmentFooter): string {
  const metadata = footerEntries(footer).map(([key, value]) => `${sqlText(key)}: ${sqlText(value)}`);
  const options = [
    'FORMAT parquet',
    'COMPRESSION zstd',
    `ROW_GROUP_SIZE ${ROW_GROUP_ROWS}`,
    // A segment has nearly all symbols of its lane; and a damaged filter would hide rows from a query while the
    // content, which is read without it, is right.
    'WRITE_BLOOM_FILTER false',
    `KV_METADATA {${metadata.join(', ')}}`,
  ];
  return `COPY (${select}) TO ${sqlText(path)} (${options.join(', ')})`;
}
