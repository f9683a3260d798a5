import type { DuckDBDataChunk, DuckDBInstance, DuckDBResult, DuckDBVector } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes, TableSchema } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { parseSchemaText } from './column-sql.js';
import { chainOrderSql } from './compacted-order.js';
import { CanonicalDictionary, laidTextColumn, numberColumn, textColumn } from './canonical-columns.js';
import type { CanonicalColumn } from './canonical-columns.js';
import { FileContents } from './file-contents.js';
import type { OnContent } from './file-contents.js';
import { JoinedTexts } from './joined-texts.js';
import type { RowsOfFile, Texts } from './joined-texts.js';
import { LaidTexts } from './laid-texts.js';
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

/** Values of a column, and the same as their content is made of. */
interface ColumnRead {
  readonly values: Float64Array | Texts | LaidTexts;
  readonly canonical: CanonicalColumn;
}

/** A column, how it is asked for and what becomes of the answer; without both a text that is read for itself. */
interface SelectedColumn {
  readonly name: string;
  readonly sql?: string;
  readonly read?: (vector: DuckDBVector<number | string>, rows: number) => ColumnRead;
}

/**
 * The rows of segments in the order of the chain, some thousand at a time, read ahead by one step. What a compacted segment
 * has of a table whose rows do not tell their order comes as it is stored. `onContent`: told of each file's content as soon
 * as all its rows were given out; then all columns are read.
 */
export async function* scanFiles(
  instance: DuckDBInstance,
  table: TableSchema,
  segments: readonly WalkedSegment[],
  columns: readonly string[],
  onContent?: OnContent,
): AsyncGenerator<ScannedRows, void> {
  // A connection gives one result at a time.
  const [connection, other] = [await instance.connect(), await instance.connect()];
  try {
    for (const { schema, files, order } of runsToScan(table, segments)) {
      const written = parseSchemaText(schema);
      const names = onContent === undefined ? columns : [...new Set([...columns, ...Object.keys(written)])];
      const stored = names.filter((name) => name in written);
      const paths = files.map(({ path }) => path);
      const repeated = await repeatedTexts(connection, paths, stored);
      const selected = names.map((name) =>
        selectedColumn(table, name, { written, repeated: repeated.get(name), isSorted: order !== '' }),
      );
      const free = selected.filter(({ read }) => read === undefined).map(({ name }) => name);
      const texts = new JoinedTexts(other, files, free);
      const contents = onContent && new FileContents(files, Object.keys(written), onContent);
      const result = await connection.stream(
        `SELECT ${['1', ...selected.flatMap(({ sql }) => sql ?? [])].join(', ')} FROM read_parquet(${sqlFiles(paths)})${order}`,
      );
      for await (const chunk of readAhead(result)) {
        const read = columnsOf(chunk, selected, await texts.take(chunk.rowCount));
        contents?.add(read, chunk.rowCount);
        yield new ScannedRows(
          chunk.rowCount,
          new Map(Array.from(read, ([name, { values }]) => [name, values])),
        );
      }
    }
  } finally {
    connection.closeSync();
    other.closeSync();
  }
}

/** DuckDB reads and unpacks the next rows while the caller looks at these. */
export async function* readAhead(result: DuckDBResult): AsyncGenerator<DuckDBDataChunk, void> {
  let coming = fetched(result);
  try {
    for (;;) {
      const chunk = await coming;
      if (chunk === null || chunk.rowCount === 0) return;
      coming = fetched(result);
      yield chunk;
    }
  } finally {
    // Whoever gives up early must not leave a read under way on a connection that is closed next.
    await coming.catch(() => undefined);
  }
}

function fetched(result: DuckDBResult): Promise<DuckDBDataChunk | null> {
  const chunk = result.fetchChunk();
  // It may fail while the caller is busy with the rows before, or does not come back: then nobody waits for it yet.
  chunk.catch(() => undefined);
  return chunk;
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
    const order = level > 0 ? chainOrderSql(table) : '';
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
  const type = table.columns[name] ?? stored.written[name];
  if (type === undefined) throw new RangeError(`${table.name} has no column ${name}`);
  const isWritten = name in stored.written;
  if (type === 'VARCHAR') return selectedText(name, stored);
  // Not null but NaN already here: asking a vector which of its rows are null costs more than the rows.
  const sql = isWritten ? `coalesce(${numberSql[type](sqlName(name))}, ${NAN})` : NAN;
  const read: SelectedColumn['read'] = (vector, rows) => {
    const values = numbersOf(vector, rows);
    return { values, canonical: numberColumn(type, values) };
  };
  return { name, sql, read };
}

const NAN = "CAST('NaN' AS DOUBLE)";

function selectedText(name: string, { written, repeated, isSorted }: Stored): SelectedColumn {
  if (!(name in written)) return { name, sql: '0.0', read: textsOf([null]) };
  const column = sqlName(name);
  if (repeated !== undefined) return { name, sql: repeated.sql(column), read: textsOf(repeated.texts) };
  return isSorted ? { name, sql: wholeText(column), read: itemsOf } : { name };
}

function columnsOf(
  chunk: DuckDBDataChunk,
  selected: readonly SelectedColumn[],
  free: readonly (Texts | LaidTexts)[],
): ReadonlyMap<string, ColumnRead> {
  let vectors = 1;
  let frees = 0;
  const columns = selected.map(({ name, read }): readonly [string, ColumnRead] => {
    if (read === undefined) return [name, freeText(free[frees++]!)];
    return [name, read(chunk.getColumnVector(vectors++) as DuckDBVector<number | string>, chunk.rowCount)];
  });
  return new Map(columns);
}

const freeText = (values: Texts | LaidTexts): ColumnRead => ({
  values,
  canonical: values instanceof LaidTexts ? laidTextColumn(values) : textColumn(values),
});

export function numbersOf(vector: DuckDBVector<number | string>, rows: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = vector.getItem(row) as number;
  return values;
}

function itemsOf(vector: DuckDBVector<number | string>, rows: number): ColumnRead {
  const values = Array.from({ length: rows }, (_, row) => vector.getItem(row) as string | null);
  return { values, canonical: textColumn(values) };
}

/** Texts by the ids that a vector holds. */
function textsOf(
  texts: readonly (string | null)[],
): (vector: DuckDBVector<number | string>, rows: number) => ColumnRead {
  const dictionary = new CanonicalDictionary(texts);
  return (vector, rows) => {
    const ids = numbersOf(vector, rows);
    const values = new Array<string | null>(rows);
    for (let row = 0; row < rows; row++) values[row] = texts[ids[row]!]!;
    return { values, canonical: dictionary.column(ids) };
  };
}
