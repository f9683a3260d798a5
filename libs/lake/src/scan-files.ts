import type { DuckDBDataChunk, DuckDBInstance, DuckDBResult, DuckDBVector } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes, TableSchema } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { parseSchemaText } from './column-sql.js';
import { JoinedTexts } from './joined-texts.js';
import type { RowsOfFile, Texts } from './joined-texts.js';
import { repeatedTexts } from './repeated-texts.js';
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

/** A column of the result: numbers, ids of repeated texts (0 is null), or texts that are read for themselves. */
interface SelectedColumn {
  readonly name: string;
  readonly sql: string | undefined;
  readonly texts: readonly (string | null)[] | undefined;
}

/** The rows of segments in the order they are stored, some thousand at a time, read ahead by one step. */
export async function* scanFiles(
  instance: DuckDBInstance,
  table: TableSchema,
  segments: readonly WalkedSegment[],
  columns: readonly string[],
): AsyncGenerator<ScannedRows, void> {
  // A connection gives one result at a time.
  const [connection, other] = [await instance.connect(), await instance.connect()];
  try {
    for (const { schema, files } of runsOfOneSchema(segments)) {
      const written = parseSchemaText(schema);
      const stored = columns.filter((name) => name in written);
      const paths = files.map(({ path }) => path);
      const repeated = await repeatedTexts(connection, paths, stored);
      const selected = columns.map((name) => selectedColumn(table, written, name, repeated.get(name)));
      const free = selected.filter(({ sql }) => sql === undefined).map(({ name }) => name);
      const texts = new JoinedTexts(other, files, free);
      const result = await connection.stream(
        `SELECT ${['1', ...selected.flatMap(({ sql }) => sql ?? [])].join(', ')} FROM read_parquet(${sqlFiles(paths)})`,
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

function runsOfOneSchema(
  segments: readonly WalkedSegment[],
): readonly { schema: string; files: RowsOfFile[] }[] {
  const runs: { schema: string; files: RowsOfFile[] }[] = [];
  for (const { path, footer } of segments) {
    const last = runs.at(-1);
    const file = { path, rows: footer.rows };
    if (footer.rows === 0) continue;
    if (last?.schema === footer.schema) last.files.push(file);
    else runs.push({ schema: footer.schema, files: [file] });
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
  const column = sqlName(name);
  if (type === 'VARCHAR') {
    if (!(name in written)) return { name, sql: '0.0', texts: [null] };
    return { name, sql: repeated?.sql(column), texts: repeated?.texts };
  }
  // Not null but NaN already here: asking a vector which of its rows are null costs more than the rows.
  const sql = name in written ? `coalesce(${numberSql[type](column)}, ${NAN})` : NAN;
  return { name, sql, texts: undefined };
}

const NAN = "CAST('NaN' AS DOUBLE)";

function rowsOf(
  chunk: DuckDBDataChunk,
  selected: readonly SelectedColumn[],
  free: readonly Texts[],
): ScannedRows {
  let vectors = 1;
  let frees = 0;
  const values = selected.map(({ name, sql, texts }) => {
    if (sql === undefined) return [name, free[frees++]!] as const;
    const numbers = numbersOf(chunk.getColumnVector(vectors++) as DuckDBVector<number>, chunk.rowCount);
    return [name, texts === undefined ? numbers : textsOf(numbers, texts)] as const;
  });
  return new ScannedRows(chunk.rowCount, new Map(values));
}

function numbersOf(vector: DuckDBVector<number>, rows: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = vector.getItem(row)!;
  return values;
}

function textsOf(ids: Float64Array, texts: readonly (string | null)[]): Texts {
  const values: (string | null)[] = [];
  for (const id of ids) values.push(texts[id]!);
  return values;
}
