import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType, TableSchema } from '@engine/medallion';
import { sqlFiles } from '../sql-text.js';

/** What a reader can pass a file over by. Columns that a file says too little of are left out. */
export interface FileStats {
  readonly numRecords: number;
  readonly minValues: Readonly<Record<string, number | string>>;
  readonly maxValues: Readonly<Record<string, number | string>>;
  readonly nullCount: Readonly<Record<string, number>>;
}

interface ColumnStats {
  readonly name: string;
  readonly nulls: number | null;
  readonly isComplete: boolean;
  readonly numbers: readonly [number, number] | null;
  readonly times: readonly [string, string] | null;
  readonly texts: readonly [string, string];
}

/** Longer texts are of no use to anybody who looks for one, and would be in memory for every file. */
const LONGEST_TEXT = 64;

/** From the Parquet footer, whose row groups each have their own. */
const SQL = (file: string): string => `
  SELECT path_in_schema AS name, CAST(sum(stats_null_count) AS DOUBLE),
    bool_and((stats_min_value IS NOT NULL AND stats_max_value IS NOT NULL) OR stats_null_count = num_values)
      AND bool_or(stats_min_value IS NOT NULL),
    min(TRY_CAST(stats_min_value AS DOUBLE)), max(TRY_CAST(stats_max_value AS DOUBLE)),
    strftime(min(TRY_CAST(stats_min_value AS TIMESTAMPTZ)) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'),
    strftime(max(TRY_CAST(stats_max_value AS TIMESTAMPTZ)) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ'),
    min(stats_min_value), max(stats_max_value)
  FROM parquet_metadata(${sqlFiles([file])}) GROUP BY path_in_schema`;

/** Reads a file's statistics; `rows`: how many it has. */
export async function readStats(
  connection: DuckDBConnection,
  table: TableSchema,
  file: string,
  rows: number,
): Promise<FileStats> {
  const found = await connection.runAndReadAll(SQL(file));
  const stats: FileStats = { numRecords: rows, minValues: {}, maxValues: {}, nullCount: {} };
  for (const row of found.getRows()) {
    const column = parseRow(row);
    const type = table.columns[column.name];
    if (type !== undefined) addColumn(stats, column, type);
  }
  return stats;
}

type Extremes = readonly [number | string, number | string] | null;

function addColumn(stats: FileStats, column: ColumnStats, type: ColumnType): void {
  const { minValues, maxValues, nullCount } = stats as {
    readonly minValues: Record<string, number | string>;
    readonly maxValues: Record<string, number | string>;
    readonly nullCount: Record<string, number>;
  };
  if (column.nulls !== null) nullCount[column.name] = column.nulls;
  const extremes = column.isComplete ? extremesOf(column, type) : null;
  if (extremes !== null) [minValues[column.name], maxValues[column.name]] = extremes;
}

function extremesOf({ numbers, times, texts }: ColumnStats, type: ColumnType): Extremes {
  switch (type) {
    case 'BIGINT':
    case 'INTEGER':
    case 'DOUBLE':
      return numbers;
    case 'TIMESTAMP':
      return times;
    case 'VARCHAR':
      return texts.every((text) => text.length <= LONGEST_TEXT) ? texts : null;
    case 'BOOLEAN':
      return null;
  }
}

function parseRow(row: readonly unknown[]): ColumnStats {
  const [name, nulls, isComplete, least, most, earliest, latest, first, last] = row as [
    string,
    number | null,
    boolean | null,
    number | null,
    number | null,
    string | null,
    string | null,
    string | null,
    string | null,
  ];
  return {
    name,
    nulls,
    isComplete: isComplete === true,
    numbers: least === null || most === null ? null : [least, most],
    times: earliest === null || latest === null ? null : [earliest, latest],
    texts: [first ?? '', last ?? ''],
  };
}
