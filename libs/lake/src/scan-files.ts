import type { DuckDBConnection, DuckDBDataChunk, DuckDBResult, DuckDBVector } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes, TableSchema } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { parseSchemaText } from './column-sql.js';
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

/** The rows of segments in the order they are stored, some thousand at a time, read ahead by one step. */
export async function* scanFiles(
  connection: DuckDBConnection,
  table: TableSchema,
  segments: readonly WalkedSegment[],
  columns: readonly string[],
): AsyncGenerator<ScannedRows, void> {
  for (const { schema, paths } of runsOfOneSchema(segments)) {
    const values = columns.map((name) => columnSql(table, parseSchemaText(schema), name));
    const result = await connection.stream(
      `SELECT ${values.join(', ')} FROM read_parquet(${sqlFiles(paths)})`,
    );
    for await (const chunk of readAhead(result)) yield rowsOf(chunk, table, columns);
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

function runsOfOneSchema(segments: readonly WalkedSegment[]): readonly { schema: string; paths: string[] }[] {
  const runs: { schema: string; paths: string[] }[] = [];
  for (const { path, footer } of segments) {
    const last = runs.at(-1);
    if (footer.rows === 0) continue;
    if (last?.schema === footer.schema) last.paths.push(path);
    else runs.push({ schema: footer.schema, paths: [path] });
  }
  return runs;
}

function columnSql(table: TableSchema, written: ColumnTypes, name: string): string {
  const type = table.columns[name];
  if (type === undefined) throw new RangeError(`${table.name} has no column ${name}`);
  const column = name in written ? sqlName(name) : 'NULL';
  if (type === 'VARCHAR') return `CAST(${column} AS VARCHAR)`;
  return name in written ? numberSql[type](column) : 'CAST(NULL AS DOUBLE)';
}

function rowsOf(chunk: DuckDBDataChunk, table: TableSchema, columns: readonly string[]): ScannedRows {
  const rows = chunk.rowCount;
  const values = columns.map((name, at) => {
    const vector = chunk.getColumnVector(at) as DuckDBVector<string | number>;
    return [name, table.columns[name] === 'VARCHAR' ? texts(vector, rows) : numbers(vector, rows)] as const;
  });
  return new ScannedRows(rows, new Map(values));
}

function numbers(vector: DuckDBVector<string | number>, rows: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = (vector.getItem(row) as number | null) ?? NaN;
  return values;
}

function texts(vector: DuckDBVector<string | number>, rows: number): (string | null)[] {
  const values: (string | null)[] = [];
  for (let row = 0; row < rows; row++) values.push(vector.getItem(row) as string | null);
  return values;
}
