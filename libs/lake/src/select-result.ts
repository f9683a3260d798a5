import type { DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { jsonValue } from './json-value.js';
import type { JsonValue } from './json-value.js';
import type { QueryLease } from './query-lease.js';

export interface ResultColumn {
  readonly name: string;
  /** As DuckDB names it: `BIGINT`, `TIMESTAMP WITH TIME ZONE`, ... */
  readonly type: string;
}

/** Rows of a SELECT, coming as they are asked for. It holds a connection until read to its end or returned. */
export class SelectResult {
  readonly columns: readonly ResultColumn[];
  readonly #chunks: AsyncGenerator<readonly JsonValue[][], void>;

  private constructor(
    columns: readonly ResultColumn[],
    chunks: AsyncGenerator<readonly JsonValue[][], void>,
  ) {
    this.columns = columns;
    this.#chunks = chunks;
  }

  /** Reads the first rows, so that what fails at once fails here. Once it has started, it releases the lease at its end. */
  static async start(result: DuckDBResult, lease: QueryLease): Promise<SelectResult> {
    const names = result.deduplicatedColumnNames();
    const types = result.columnTypes();
    const columns = names.map((name, at) => ({ name, type: String(types[at]) }));
    return new SelectResult(columns, chunksOf(result, await result.fetchChunk(), lease));
  }

  /** Some rows at a time, each in the order of the columns. May be read once. */
  chunks(): AsyncIterable<readonly (readonly JsonValue[])[]> {
    return this.#chunks;
  }

  /** All rows that are left. */
  async rows(): Promise<readonly (readonly JsonValue[])[]> {
    const rows: JsonValue[][] = [];
    for await (const chunk of this.#chunks) rows.push(...chunk);
    return rows;
  }

  /** All rows that are left, as objects by column name. */
  async objects(): Promise<readonly Readonly<Record<string, JsonValue>>[]> {
    const names = this.columns.map(({ name }) => name);
    return (await this.rows()).map((row) =>
      Object.fromEntries(names.map((name, at) => [name, row[at] ?? null])),
    );
  }

  /** Gives up what was not read. */
  async close(): Promise<void> {
    // A generator that has not begun would not run its `finally`: begin it.
    await this.#chunks.next();
    await this.#chunks.return();
  }
}

async function* chunksOf(
  result: DuckDBResult,
  first: DuckDBDataChunk | null,
  lease: QueryLease,
): AsyncGenerator<readonly JsonValue[][], void> {
  try {
    for (
      let chunk = first;
      chunk !== null && chunk.rowCount > 0;
      chunk = await lease.within(result.fetchChunk())
    )
      yield chunk.getRows().map((row) => row.map(jsonValue));
  } finally {
    lease.release();
  }
}
