import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBVector } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes, TableSchema } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { parseSchemaText } from './column-sql.js';
import { chainOrderSql } from './compacted-order.js';
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

/** A column of the result: `nullText` stands for null in a column of repeated texts. */
interface SelectedColumn {
  readonly name: string;
  readonly sql: string;
  readonly isText: boolean;
  readonly nullText: string | null;
}

/**
 * The rows of segments in the order of the chain, some thousand at a time, read ahead by one step. What a compacted segment
 * has of a table whose rows do not tell their order comes as it is stored.
 */
export async function* scanFiles(
  connection: DuckDBConnection,
  table: TableSchema,
  segments: readonly WalkedSegment[],
  columns: readonly string[],
): AsyncGenerator<ScannedRows, void> {
  for (const { schema, paths, order } of runsToScan(table, segments)) {
    const written = parseSchemaText(schema);
    const repeated = await repeatedTexts(
      connection,
      paths,
      columns.filter((name) => name in written),
    );
    const selected = columns.map((name) => selectedColumn(table, written, name, repeated.get(name)));
    const result = await connection.stream(
      `SELECT ${selected.map(({ sql }) => sql).join(', ')} FROM read_parquet(${sqlFiles(paths)})${order}`,
    );
    for await (const chunk of readAhead(result)) yield rowsOf(chunk, selected);
  }
}

/** DuckDB reads and unpacks the next rows while the caller looks at these. */
async function* readAhead(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk, void> {
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
  readonly paths: string[];
  /** What brings the rows back into the order of the chain; empty where they lie in it. */
  readonly order: string;
}

/** Files that are read by one query: with the same columns, and a compacted one alone, since it has to be sorted. */
function runsToScan(table: TableSchema, segments: readonly WalkedSegment[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { path, level, footer } of segments) {
    const last = runs.at(-1);
    if (footer.rows === 0) continue;
    const order = level === 1 ? chainOrderSql(table) : '';
    if (last?.schema === footer.schema && last.order === '' && order === '') last.paths.push(path);
    else runs.push({ schema: footer.schema, paths: [path], order });
  }
  return runs;
}

function selectedColumn(
  table: TableSchema,
  written: ColumnTypes,
  name: string,
  repeated: RepeatedTexts | undefined,
): SelectedColumn {
  const type = table.columns[name];
  if (type === undefined) throw new RangeError(`${table.name} has no column ${name}`);
  const column = name in written ? sqlName(name) : 'NULL';
  if (repeated !== undefined)
    return { name, sql: repeated.sql(column), isText: true, nullText: repeated.nullText };
  if (type === 'VARCHAR') {
    const sql = name in written ? wholeText(column) : 'CAST(NULL AS VARCHAR)';
    return { name, sql, isText: true, nullText: null };
  }
  // Not null but NaN already here: asking a vector which of its rows are null costs more than the rows.
  const sql = name in written ? `coalesce(${numberSql[type](column)}, ${NAN})` : NAN;
  return { name, sql, isText: false, nullText: null };
}

const NAN = "CAST('NaN' AS DOUBLE)";

function rowsOf(chunk: DuckDBDataChunk, selected: readonly SelectedColumn[]): ScannedRows {
  const rows = chunk.rowCount;
  const values = selected.map(({ name, isText, nullText }, at) => {
    const vector = chunk.getColumnVector(at) as DuckDBVector<string | number>;
    return [name, isText ? texts(vector, rows, nullText) : numbers(vector, rows)] as const;
  });
  return new ScannedRows(rows, new Map(values));
}

function numbers(vector: DuckDBVector<string | number>, rows: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = vector.getItem(row) as number;
  return values;
}

function texts(
  vector: DuckDBVector<string | number>,
  rows: number,
  nullText: string | null,
): (string | null)[] {
  const values: (string | null)[] = [];
  for (let row = 0; row < rows; row++) {
    const value = vector.getItem(row) as string | null;
    values.push(value === nullText ? null : value);
  }
  return values;
}
