import { setImmediate } from 'node:timers/promises';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { DuckDBDataChunk, UINTEGER, VARCHAR } from '@duckdb/node-api';
import type { TableBatch, TableSchema } from '@engine/medallion';
import { sliceBatches } from './batch-slices.js';
import { sqlName } from './sql-text.js';
import { stagedColumn } from './staged-column.js';
import type { StagedColumn } from './staged-column.js';
import { repeatsItself, TextDictionary } from './text-dictionary.js';

/** A data chunk of DuckDB holds no more. */
const CHUNK_ROWS = 2048;
/** An appender copies what it was given into its table on the main thread: a little at a time, others wait meanwhile. */
const CHUNKS_A_FLUSH = 4;

/**
 * Lays rows into a temporary table and hands `use` a SELECT that gives them back, in their order and with the types of
 * the table. The tables are dropped afterwards, whatever happens.
 */
export async function withStagedRows<T>(
  connection: DuckDBConnection,
  schema: TableSchema,
  batches: readonly TableBatch[],
  use: (select: string) => Promise<T>,
): Promise<T> {
  const dictionary = new TextDictionary();
  const columns = planColumns(schema, batches, dictionary);
  try {
    await connection.run(`CREATE OR REPLACE TEMP TABLE staged_rows (${declarations(columns)})`);
    await append(connection, 'staged_rows', (appender) => appendRows(appender, columns, batches));
    await connection.run('CREATE OR REPLACE TEMP TABLE staged_texts (id UINTEGER, text VARCHAR)');
    await append(connection, 'staged_texts', (appender) => appendTexts(appender, dictionary.texts));
    const values = columns.map(({ name, sql }) => `${sql} AS ${sqlName(name)}`);
    return await use(`SELECT ${values.join(', ')} FROM staged_rows`);
  } finally {
    await connection.run('DROP TABLE IF EXISTS staged_rows; DROP TABLE IF EXISTS staged_texts');
  }
}

function planColumns(
  schema: TableSchema,
  batches: readonly TableBatch[],
  dictionary: TextDictionary,
): StagedColumn[] {
  return Object.entries(schema.columns).map(([name, type], at) => {
    const repeats = type === 'VARCHAR' && repeatsItself(batches, at);
    const texts = '(SELECT list(text ORDER BY id) FROM staged_texts)';
    return stagedColumn(name, type, repeats ? dictionary : undefined, texts);
  });
}

const declarations = (columns: readonly StagedColumn[]): string =>
  columns.map(({ name, type }) => `${sqlName(name)} ${type.toString()}`).join(', ');

async function append(
  connection: DuckDBConnection,
  table: string,
  fill: (appender: DuckDBAppender) => Promise<void>,
): Promise<void> {
  const appender = await connection.createAppender(table, null, 'temp');
  try {
    await fill(appender);
  } catch (error) {
    appender.clear();
    throw error;
  } finally {
    appender.closeSync();
  }
}

async function appendRows(
  appender: DuckDBAppender,
  columns: readonly StagedColumn[],
  batches: readonly TableBatch[],
): Promise<void> {
  const chunk = DuckDBDataChunk.create(columns.map(({ type }) => type));
  let chunks = 0;
  for (const slices of sliceBatches(batches, CHUNK_ROWS)) {
    refill(
      chunk,
      slices.reduce((sum, { count }) => sum + count, 0),
    );
    columns.forEach((column, at) => {
      column.write(chunk.getColumnVector(at), at, slices);
    });
    appender.appendDataChunk(chunk);
    await pauseAfter(appender, ++chunks);
  }
}

async function appendTexts(appender: DuckDBAppender, texts: readonly string[]): Promise<void> {
  const chunk = DuckDBDataChunk.create([UINTEGER, VARCHAR]);
  let chunks = 0;
  for (let from = 0; from < texts.length; from += CHUNK_ROWS) {
    const some = texts.slice(from, from + CHUNK_ROWS);
    refill(chunk, some.length);
    chunk.setColumnValues(
      0,
      some.map((_, at) => from + at + 1),
    );
    chunk.setColumnValues(1, some);
    appender.appendDataChunk(chunk);
    await pauseAfter(appender, ++chunks);
  }
}

/** One chunk serves all rows: what a chunk holds is freed when it is collected as garbage, which knows nothing of its size. */
function refill(chunk: DuckDBDataChunk, rows: number): void {
  chunk.reset();
  chunk.rowCount = rows;
}

async function pauseAfter(appender: DuckDBAppender, chunks: number): Promise<void> {
  if (chunks % CHUNKS_A_FLUSH !== 0) return;
  appender.flushSync();
  await setImmediate();
}
