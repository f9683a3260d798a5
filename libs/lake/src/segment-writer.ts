import { setImmediate } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column, ColumnValues, TableBatch, TableSchema } from '@engine/medallion';
import { numberColumn, textColumn } from './canonical-columns.js';
import type { CanonicalColumn } from './canonical-columns.js';
import { ContentSum } from './content-sum.js';
import { draftFooter } from './draft.js';
import { returnFreeMemory } from './duckdb.js';
import { footerEntries } from './footer.js';
import type { SegmentDraft, SegmentFooter } from './ports.js';
import { sqlText } from './sql-text.js';
import { withStagedRows } from './staging.js';
import { Turnstile } from './turnstile.js';

/** Writes segments, one at a time: the rows of several at once could exceed the memory limit. */
export class SegmentWriter {
  readonly #turnstile = new Turnstile();
  readonly #sum = new ContentSum();

  /** `memoryLimit`: of the connection's database. */
  constructor(
    private readonly connection: DuckDBConnection,
    private readonly memoryLimit: string,
  ) {}

  /** Writes the draft's rows in their order to `path`, not yet synced, and returns the footer that stands in the file. */
  async write(table: TableSchema, first: number, draft: SegmentDraft, path: string): Promise<SegmentFooter> {
    return this.#turnstile.pass(async () => {
      const footer = await withStagedRows(this.connection, table, draft.batches, async (select) => {
        const written = draftFooter(table, first, draft, await this.#contentOf(draft.batches));
        await this.connection.run(copySql(select, path, written));
        return written;
      });
      await returnFreeMemory(this.connection, this.memoryLimit);
      return footer;
    });
  }

  /** Of the rows as they were handed over, not as they were staged: what goes wrong between is noticed when they are read. */
  async #contentOf(batches: readonly TableBatch[]): Promise<string> {
    // Whatever a failed write left.
    this.#sum.take();
    let rows = 0;
    for (const batch of batches) {
      const columns = batch.columns.map(canonicalColumn);
      for (let from = 0; from < batch.rows; from += ROWS_AT_A_TIME) {
        const to = Math.min(batch.rows, from + ROWS_AT_A_TIME);
        this.#sum.add(columns, from, to);
        rows += to - from;
        if (rows < ROWS_AT_A_TIME) continue;
        rows = 0;
        await setImmediate();
      }
    }
    return this.#sum.take();
  }
}

/** Some milliseconds: others wait meanwhile. */
const ROWS_AT_A_TIME = 8192;

const canonicalColumn = ({ type, values }: Column): CanonicalColumn =>
  type === 'VARCHAR'
    ? textColumn(values as ColumnValues['VARCHAR'])
    : numberColumn(type, values as ColumnValues[typeof type]);

/** An eighth of the default: what DuckDB holds of a row group until it is full is most of a publish's memory. */
export const ROW_GROUP_ROWS = 16_384;

/** Writes the rows of a SELECT, in its order, to a file of the lake. */
export function copySql(
  select: string,
  path: string,
  footer: SegmentFooter,
  rowGroupRows = ROW_GROUP_ROWS,
): string {
  const metadata = footerEntries(footer).map(([key, value]) => `${sqlText(key)}: ${sqlText(value)}`);
  const options = [
    'FORMAT parquet',
    'COMPRESSION zstd',
    `ROW_GROUP_SIZE ${rowGroupRows}`,
    // A segment has nearly all symbols of its lane; and a damaged filter would hide rows from a query while the
    // content, which is read without it, is right.
    'WRITE_BLOOM_FILTER false',
    `KV_METADATA {${metadata.join(', ')}}`,
  ];
  return `COPY (${select}) TO ${sqlText(path)} (${options.join(', ')})`;
}
