import type { DuckDBType, DuckDBVector } from '@duckdb/node-api';
import { DOUBLE, INTEGER, UINTEGER, UTINYINT, VARCHAR } from '@duckdb/node-api';
import type { Column, ColumnType, ColumnValues } from '@engine/medallion';
import type { BatchSlice } from './batch-slices.js';
import { sqlName } from './sql-text.js';
import type { TextDictionary } from './text-dictionary.js';

/**
 * How a column waits in the staging table: as the typed array has it, so that the main thread only copies numbers.
 * Nulls, BIGINT, times and dictionary ids become what they are in `sql`, which DuckDB evaluates in its own thread.
 */
export interface StagedColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly sql: string;
  write(vector: DuckDBVector, column: number, slices: readonly BatchSlice[]): void;
}

/** `dictionary` is given for a VARCHAR column that repeats itself; `texts` is then the SQL of the list of its texts. */
export function stagedColumn(
  name: string,
  type: ColumnType,
  dictionary: TextDictionary | undefined,
  texts: string,
): StagedColumn {
  const column = sqlName(name);
  if (type === 'VARCHAR') {
    if (dictionary === undefined) return { name, type: VARCHAR, sql: column, write: writeTexts };
    const write: StagedColumn['write'] = (vector, at, slices) => {
      writeIds(vector, at, slices, dictionary);
    };
    // A list and not a join, which might give the rows back in another order. Where a row has no text it is not asked: what
    // DuckDB makes of such a row in between repeats one of the texts, and a long one thousands of times does not fit.
    const sql = `CASE WHEN ${column} = 0 THEN NULL ELSE list_extract(${texts}, ${column}) END`;
    return { name, type: UINTEGER, sql, write };
  }
  return { name, ...numeric[type](column), write: writeNumbers };
}

const unlessNaN = (column: string, value: string): string =>
  `CASE WHEN isnan(${column}) THEN NULL ELSE ${value} END`;

const numeric: Readonly<
  Record<Exclude<ColumnType, 'VARCHAR'>, (column: string) => { type: DuckDBType; sql: string }>
> = {
  BIGINT: (column) => ({ type: DOUBLE, sql: unlessNaN(column, `CAST(${column} AS BIGINT)`) }),
  TIMESTAMP: (column) => ({
    type: DOUBLE,
    sql: unlessNaN(column, `make_timestamptz(CAST(${column} AS BIGINT))`),
  }),
  DOUBLE: (column) => ({ type: DOUBLE, sql: unlessNaN(column, column) }),
  INTEGER: (column) => ({ type: INTEGER, sql: column }),
  BOOLEAN: (column) => ({ type: UTINYINT, sql: `CASE WHEN ${column} = 2 THEN NULL ELSE ${column} = 1 END` }),
};

function writeNumbers(vector: DuckDBVector, column: number, slices: readonly BatchSlice[]): void {
  let item = 0;
  for (const { batch, from, count } of slices) {
    const values = valuesOf(batch.columns[column]) as Float64Array;
    for (let row = from; row < from + count; row++) vector.setItem(item++, values[row] ?? null);
  }
  vector.flush();
}

function writeTexts(vector: DuckDBVector, column: number, slices: readonly BatchSlice[]): void {
  let item = 0;
  for (const { batch, from, count } of slices) {
    const values = valuesOf(batch.columns[column]) as ColumnValues['VARCHAR'];
    for (let row = from; row < from + count; row++) vector.setItem(item++, values[row] ?? null);
  }
  vector.flush();
}

function writeIds(
  vector: DuckDBVector,
  column: number,
  slices: readonly BatchSlice[],
  dictionary: TextDictionary,
): void {
  let item = 0;
  for (const { batch, from, count } of slices) {
    const values = valuesOf(batch.columns[column]) as ColumnValues['VARCHAR'];
    for (let row = from; row < from + count; row++) vector.setItem(item++, dictionary.idOf(values[row]));
  }
  vector.flush();
}

function valuesOf(column: Column | undefined): Column['values'] {
  if (column === undefined) throw new Error('A batch has fewer columns than its table');
  return column.values;
}
