import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnType, ColumnTypes } from '@engine/medallion';
import { sqlType } from './column-sql.js';
import { sqlName, sqlText } from './sql-text.js';

/** Rows to be parted: `from` in SQL, with these columns, sorted by `order`. */
export interface RowsToPart {
  readonly from: string;
  readonly columns: ColumnTypes;
  readonly order: readonly string[];
}

/** So many rows have this value in the first column of the order; null comes last. */
interface Group {
  readonly value: string | null;
  readonly rows: number;
}

/**
 * Conditions that part rows into ranges of their order, each of at most `most` rows or of one value. Where many rows share the
 * first column's value they are parted by the time in the second one, into about as many.
 */
export async function rangeConditions(
  connection: DuckDBConnection,
  { from, columns, order }: RowsToPart,
  most: number,
): Promise<readonly string[]> {
  const [first = '', second = ''] = order;
  const conditions: string[] = [];
  for (const groups of rangesOf(await groupsOf(connection, from, first), most)) {
    const condition = between(groups, first, columns);
    const rows = groups.reduce((sum, group) => sum + group.rows, 0);
    const parts = columns[second] === 'TIMESTAMP' ? Math.ceil(rows / most) : 1;
    const times =
      parts > 1 ? await timesThatPart(connection, `${from} WHERE ${condition}`, second, parts) : [];
    conditions.push(...partedBy(times, sqlName(second)).map((part) => `(${condition}) AND (${part})`));
  }
  return conditions;
}

async function groupsOf(connection: DuckDBConnection, from: string, first: string): Promise<Group[]> {
  const column = sqlName(first);
  const read = await connection.runAndReadAll(
    `SELECT CAST(${column} AS VARCHAR), CAST(count(*) AS DOUBLE) FROM ${from} GROUP BY ${column} ORDER BY ${column}`,
  );
  return (read.getRows() as [string | null, number][]).map(([value, rows]) => ({ value, rows }));
}

/** Those without a value are a range of their own: no comparison finds them. */
function rangesOf(groups: readonly Group[], most: number): readonly Group[][] {
  const ranges: Group[][] = [];
  let rows = Infinity;
  for (const group of groups) {
    rows += group.rows;
    if (rows > most || group.value === null) {
      ranges.push([]);
      rows = group.rows;
    }
    ranges.at(-1)!.push(group);
  }
  return ranges;
}

function between(groups: readonly Group[], first: string, columns: ColumnTypes): string {
  const [low, high] = [groups[0]?.value, groups.at(-1)?.value];
  const column = sqlName(first);
  if (low == null || high == null) return `${column} IS NULL`;
  const [from, to] = [low, high].map((value) => literal(value, columns[first]));
  return `${column} BETWEEN ${from} AND ${to}`;
}

const literal = (text: string, type: ColumnType | undefined): string =>
  type === undefined || type === 'VARCHAR' ? sqlText(text) : `CAST(${sqlText(text)} AS ${sqlType(type)})`;

/** About: what is found at the price of a sketch of the times and not of all of them. */
async function timesThatPart(
  connection: DuckDBConnection,
  from: string,
  column: string,
  parts: number,
): Promise<readonly number[]> {
  const shares = Array.from({ length: parts - 1 }, (_, at) => (at + 1) / parts);
  const read = await connection.runAndReadAll(
    `SELECT CAST(unnest(approx_quantile(epoch_us(${sqlName(column)}), [${shares.join(', ')}])) AS DOUBLE) FROM ${from}`,
  );
  const found = (read.getRows() as [number | null][]).flatMap(([time]) => (time === null ? [] : [time]));
  return [...new Set(found)].sort((one, other) => one - other);
}

/** Ascending times, in µs, as conditions one after the other: the rows without a time come last, as they are sorted. */
function partedBy(times: readonly number[], column: string): readonly string[] {
  const bounds = times.map((us) => `make_timestamptz(${us})`);
  return [...bounds, undefined].map((to, at) => {
    const from = bounds[at - 1];
    const above = from === undefined ? [] : [`${column} >= ${from}`];
    const below = to === undefined ? [] : [`${column} < ${to}`];
    const inside = [...above, ...below].join(' AND ');
    if (inside === '') return 'true';
    return to === undefined ? `${inside} OR ${column} IS NULL` : inside;
  });
}
