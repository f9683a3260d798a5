import type { DuckDBDataChunk, DuckDBInstance, DuckDBResult, DuckDBVector } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes, TableSchema } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { parseSchemaText } from './column-sql.js';
import { chainOrderSql } from './compacted-order.js';
import { JoinedTexts } from './joined-texts.js';
import type { RowsOfFile, Texts } from './joined-texts.js';
import { repeatedTexts, wholeText } from './repeated-texts.js';
import type { RepeatedTexts } from './repeated-texts.js';
import { ScannedRows } from './scanned-rows.js';
import { sqlFiles, sqlName } from './sql-text.js';

/** How a column is read as numbers; text stays what it is. */
const numberSql: Readonly<Record<Exclude<ColumnType, 'VARCHAR'>, (column: string) => string>> = {
  BIGINT: (column) => `CAST(${column} AS DOUBLE)`,
  INTEGER: (column) => `CAST(${column} AS DOUBLE)`,
  DOUBLE: (column) => column,
  BOOLEAN: (column) => `CAST(CAST(${column} AS INTEGER) AS DOUBLE)`,
  TIMESTAMP: (column) => `CAST(epoch_us(${column}) AS DOUBLE)`,
};

type Column = Float64Array | Texts;

/** A column, how it is asked for and what becomes of the answer; without both a text that is read for itself. */
interface SelectedColumn {
  readonly name: string;
  readonly sql?: string;
  readonly read?: (vector: DuckDBVector<number | string>, rows: number) => Column;
}

/**
 * The rows of segments in the order of the chain, some thousand at a time, read ahead by one step. What a compacted segment
 * has of a table whose rows do not tell their order comes as it is stored.
 */
export async function* scanFiles(
  instance: DuckDBInstance,
  table: TableSchema,
  segments: readonly WalkedSegment[],
  columns: readonly string[],
): AsyncGenerator<ScannedRows, void> {
  // A connection gives one result at a time.
  const [connection, other] = [await instance.connect(), await instance.connect()];
  try {
    for (const { schema, files, order } of runsToScan(table, segments)) {
      const written = parseSchemaText(schema);
      const stored = columns.filter((name) => name in written);
      const paths = files.map(({ path }) => path);
      const repeated = await repeatedTexts(connection, paths, stored);
      const selected = columns.map((name) =>
        selectedColumn(table, name, { written, repeated: repeated.get(name), isSorted: order !== '' }),
      );
      const free = selected.filter(({ read }) => read === undefined).map(({ name }) => name);
      const texts = new JoinedTexts(other, files, free);
      const result = await connection.stream(
        `SELECT ${['1', ...selected.flatMap(({ sql }) => sql ?? [])].join(', ')} FROM read_parquet(${sqlFiles(paths)})${order}`,
      );
      for await (const chunk of readAhead(result))
        yield rowsOf(chunk, selected, await texts.take(chunk.rowCount));
    }
  } finally {
    connection.closeSync();
    other.closeSync();
  }
}

/** DuckDB reads and unpacks the next rows while the caller looks at these. */
export async function* readAhead(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk, void> {
  let coming = result.fetchChunk();
  try {
    for (;;) {
      const chunk = await coming;
      if (chunk === null || chunk.rowCount === 0) return;
      coming = result.fetchChunk();
      yield chunk;
    }
  } finally {
    // Whoever gives up early must not leave a read under way on a connection that is closed next.
    await coming.catch(() => undefined);
  }
}

interface Run {
  readonly schema: string;
  readonly files: RowsOfFile[];
  /** What brings the rows back into the order of the chain; empty where they lie in it. */
  readonly order: string;
}

/** Files that are read by one query: with the same columns, and a compacted one alone, since it has to be sorted. */
function runsToScan(table: TableSchema, segments: readonly WalkedSegment[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { path, level, footer } of segments) {
    const last = runs.at(-1);
    const file = { path, rows: footer.rows };
    if (footer.rows === 0) continue;
    const order = level === 1 ? chainOrderSql(table) : '';
    if (last?.schema === footer.schema && last.order === '' && order === '') last.files.push(file);
    else runs.push({ schema: footer.schema, files: [file], order });
  }
  return runs;
}

interface Stored {
  readonly written: ColumnTypes;
  readonly repeated: RepeatedTexts | undefined;
  /** The rows come in another order than they lie in. */
  readonly isSorted: boolean;
}

function selectedColumn(table: TableSchema, name: string, stored: Stored): SelectedColumn {
  const type = table.columns[name];
  if (type === undefined) throw new RangeError(`${table.name} has no column ${name}`);
  const isWritten = name in stored.written;
  if (type === 'VARCHAR') return selectedText(name, stored);
  // Not null but NaN already here: asking a vector which of its rows are null costs more than the rows.
  const sql = isWritten ? `coalesce(${numberSql[type](sqlName(name))}, ${NAN})` : NAN;
  return { name, sql, read: numbersOf };
}

const NAN = "CAST('NaN' AS DOUBLE)";

function selectedText(name: string, { written, repeated, isSorted }: Stored): SelectedColumn {
  if (!(name in written)) return { name, sql: '0.0', read: textsOf([null]) };
  const column = sqlName(name);
  if (repeated !== undefined) return { name, sql: repeated.sql(column), read: textsOf(repeated.texts) };
  return isSorted ? { name, sql: wholeText(column), read: itemsOf } : { name };
}

function rowsOf(
  chunk: DuckDBDataChunk,
  selected: readonly SelectedColumn[],
  free: readonly Texts[],
): ScannedRows {
  let vectors = 1;
  let frees = 0;
  const values = selected.map(({ name, read }): readonly [string, Column] => {
    if (read === undefined) return [name, free[frees++]!];
    return [name, read(chunk.getColumnVector(vectors++) as DuckDBVector<number | string>, chunk.rowCount)];
  });
  return new ScannedRows(chunk.rowCount, new Map(values));
}

export function numbersOf(vector: DuckDBVector<number | string>, rows: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = vector.getItem(row) as number;
  return values;
}

function itemsOf(vector: DuckDBVector<number | string>, rows: number): Texts {
  return Array.from({ length: rows }, (_, row) => vector.getItem(row) as string | null);
}

/** Texts by the ids that a vector holds. */
const textsOf =
  (texts: readonly (string | null)[]) =>
  (vector: DuckDBVector<number | string>, rows: number): Texts => {
    const values: (string | null)[] = [];
    for (let row = 0; row < rows; row++) values.push(texts[vector.getItem(row) as number]!);
    return values;
  };
