import type { DuckDBDataChunk, DuckDBInstance, DuckDBResult } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes, TableSchema } from '@engine/medallion';
import type { WalkedSegment } from './chain-walk.js';
import { numbersOf, textsOf } from './chunk-columns.js';
import { parseSchemaText, sqlType } from './column-sql.js';
import { chainOrderSql } from './compacted-order.js';
import { laidTextColumn, numberColumn } from './canonical-columns.js';
import type { CanonicalColumn } from './canonical-columns.js';
import { FileContents } from './file-contents.js';
import type { OnContent, RowsOfFile } from './file-contents.js';
import type { LaidTexts } from './laid-texts.js';
import { ScannedRows } from './scanned-rows.js';
import { sqlFiles, sqlName } from './sql-text.js';
import { TextIds } from './text-ids.js';

/** Values of a column, and the same as their content is made of. */
interface ColumnRead {
  readonly values: Float64Array | readonly (string | null)[] | LaidTexts;
  readonly canonical: CanonicalColumn;
}

/** A column, how it is asked for and what becomes of the answer. */
interface SelectedColumn {
  readonly name: string;
  readonly sql: string;
  readonly read: (chunk: DuckDBDataChunk, column: number) => ColumnRead;
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
  const connection = await instance.connect();
  try {
    for (const { schema, files, order } of runsToScan(table, segments)) {
      const written = parseSchemaText(schema);
      const names = onContent === undefined ? columns : [...new Set([...columns, ...Object.keys(written)])];
      const selected = names.map((name) => selectedColumn(table, name, written));
      const contents = new FileContents(files, Object.keys(written), onContent);
      const paths = sqlFiles(files.map(({ path }) => path));
      const result = await connection.stream(
        `SELECT ${['1', ...selected.map(({ sql }) => sql)].join(', ')} FROM read_parquet(${paths})${order}`,
      );
      for await (const chunk of readAhead(result)) {
        const read = new Map(selected.map(({ name, read }, at) => [name, read(chunk, at + 1)]));
        contents.add(read, chunk.rowCount);
        yield new ScannedRows(
          chunk.rowCount,
          new Map(Array.from(read, ([name, { values }]) => [name, values])),
        );
      }
      contents.end();
    }
  } finally {
    connection.closeSync();
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

/** Columns whose texts come again and again. */
const REPEATING = new Set(['verdict', 'reason', 'symbol', 'side', 'source', 'interval']);

function selectedColumn(table: TableSchema, name: string, written: ColumnTypes): SelectedColumn {
  const type = table.columns[name] ?? written[name];
  if (type === undefined) throw new RangeError(`${table.name} has no column ${name}`);
  // Memory is read as what it is said to be: a file's column of another type must not get there.
  const sql =
    name in written ? `CAST(${sqlName(name)} AS ${sqlType(type)})` : `CAST(NULL AS ${sqlType(type)})`;
  if (type !== 'VARCHAR') return { name, sql, read: (chunk, column) => numbers(chunk, column, type) };
  if (!REPEATING.has(name)) return { name, sql, read: freeTexts };
  const known = new TextIds();
  return { name, sql, read: (chunk, column) => repeatedTexts(chunk, column, known) };
}

function numbers(chunk: DuckDBDataChunk, column: number, type: Exclude<ColumnType, 'VARCHAR'>): ColumnRead {
  const values = numbersOf(chunk, column, type);
  return { values, canonical: numberColumn(type, values) };
}

function freeTexts(chunk: DuckDBDataChunk, column: number): ColumnRead {
  const values = textsOf(chunk, column);
  return { values, canonical: laidTextColumn(values) };
}

function repeatedTexts(chunk: DuckDBDataChunk, column: number, known: TextIds): ColumnRead {
  const { ids, texts, canonical } = known.of(textsOf(chunk, column));
  const values = new Array<string | null>(ids.length);
  for (let row = 0; row < ids.length; row++) values[row] = texts[ids[row]!]!;
  return { values, canonical: canonical.column(ids) };
}
