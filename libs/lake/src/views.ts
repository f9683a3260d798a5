import type { ColumnTypes, TableSchema } from '@engine/medallion';
import { tables } from '@engine/medallion';
import type { ChainWalk, WalkedSegment } from './chain-walk.js';
import { parseSchemaText, sqlType } from './column-sql.js';
import { sqlFiles, sqlName } from './sql-text.js';

/** The walks of a table's lanes. */
export type LaneWalks = ReadonlyMap<number, ChainWalk>;

/** `silver/ticks` is read as `silver_ticks`. */
export const viewName = (table: string): string => table.replace('/', '_');

export const CURRENT_BARS = 'gold_bars_current';

/** The views a user can select from. */
export const viewNames: readonly string[] = [...tables.map(({ name }) => viewName(name)), CURRENT_BARS];

/**
 * A table as a view: its columns, and `lane INTEGER` at the end. The files are listed one by one, since a glob is not
 * exact while segments are published and compacted.
 */
export function viewSql(table: TableSchema, walks: LaneWalks): string {
  const selects = [...walks].flatMap(([lane, walk]) =>
    [...bySchema(walk.segments)].map(
      ([schema, paths]) =>
        `SELECT ${columnsSql(table, parseSchemaText(schema), lane)} FROM read_parquet(${sqlFiles(paths)})`,
    ),
  );
  if (selects.length === 0) selects.push(`SELECT ${columnsSql(table, {}, null)} WHERE false`);
  return `CREATE OR REPLACE VIEW ${viewName(table.name)} AS ${selects.join(' UNION ALL ')}`;
}

/** Filters on symbol, interval or start reach the files: they are what the window is partitioned by. */
export const CURRENT_BARS_SQL = `CREATE OR REPLACE VIEW ${CURRENT_BARS} AS SELECT * FROM gold_bars
  QUALIFY row_number() OVER (PARTITION BY symbol, "interval", "start" ORDER BY revision DESC) = 1`;

/** Paths of the segments that have rows, by the columns they were written with. */
function bySchema(segments: readonly WalkedSegment[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { path, footer } of segments) {
    if (footer.rows === 0) continue;
    const group = groups.get(footer.schema);
    if (group === undefined) groups.set(footer.schema, [path]);
    else group.push(path);
  }
  return groups;
}

/** A column that the files do not have yet (an older version wrote them) is null. */
function columnsSql(table: TableSchema, written: ColumnTypes, lane: number | null): string {
  const columns = Object.entries(table.columns).map(([name, type]) =>
    name in written ? sqlName(name) : `CAST(NULL AS ${sqlType(type)}) AS ${sqlName(name)}`,
  );
  return [...columns, `CAST(${lane ?? 'NULL'} AS INTEGER) AS lane`].join(', ');
}
