import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnTypes } from '@engine/medallion';
import { sqlName, sqlText } from './sql-text.js';

/** So many rows to be parted: `from` in SQL, with these columns, sorted by `order`. */
export interface RowsToPart {
  readonly from: string;
  readonly rows: number;
  readonly columns: ColumnTypes;
  readonly order: readonly string[];
}

/** Neighbours in the order of a text, from `low` to `high`. null: those without one, which come last. */
interface Range {
  readonly low: string | null;
  high: string | null;
  rows: number;
}

/**
 * Conditions that part rows into ranges of their order, each of about `most` rows at most. What is sorted by text first is parted
 * between texts, and where many rows share one by the time in the second column; anything else by the numbers in the first.
 */
export async function rangeConditions(
  connection: DuckDBConnection,
  { from, rows, columns, order }: RowsToPart,
  most: number,
): Promise<readonly string[]> {
  const [first = '', second = ''] = order;
  const partedByNumber = async (among: Among, column: string): Promise<readonly string[]> => {
    const number = { column: sqlName(column), isTime: columns[column] === 'TIMESTAMP' };
    return partedBy(await numbersThatPart(connection, among, number, most), number);
  };
  if (columns[first] !== 'VARCHAR') return partedByNumber({ from, rows }, first);
  const conditions: string[] = [];
  for (const range of await textRanges(connection, from, first, most)) {
    const condition = within(range, sqlName(first));
    const among = { from: `${from} WHERE ${condition}`, rows: range.rows };
    const parts = columns[second] === 'TIMESTAMP' ? await partedByNumber(among, second) : ['true'];
    conditions.push(...parts.map((part) => `(${condition}) AND (${part})`));
  }
  return conditions;
}

/** As many texts as have `most` rows together, and at least one. Those without a text are a range of their own: no comparison finds them. */
async function textRanges(
  connection: DuckDBConnection,
  from: string,
  first: string,
  most: number,
): Promise<readonly Range[]> {
  const column = sqlName(first);
  const groups = await connection.stream(
    `SELECT ${column}, CAST(count(*) AS DOUBLE) FROM ${from} GROUP BY ${column} ORDER BY ${column}`,
  );
  const ranges: Range[] = [];
  for await (const chunk of groups.yieldRows())
    for (const [text, rows] of chunk as [string | null, number][]) {
      const last = ranges.at(-1);
      if (last === undefined || last.rows + rows > most || text === null)
        ranges.push({ low: text, high: text, rows });
      else {
        last.high = text;
        last.rows += rows;
      }
    }
  return ranges;
}

function within({ low, high }: Range, column: string): string {
  if (low === null || high === null) return `${column} IS NULL`;
  return `${column} BETWEEN ${sqlText(low)} AND ${sqlText(high)}`;
}

interface Among {
  readonly from: string;
  readonly rows: number;
}

/** A column of numbers, or of times, which are µs. */
interface NumberColumn {
  readonly column: string;
  readonly isTime: boolean;
}

/** About: what is found at the price of a sketch of the numbers and not of all of them. */
async function numbersThatPart(
  connection: DuckDBConnection,
  { from, rows }: Among,
  { column, isTime }: NumberColumn,
  most: number,
): Promise<readonly number[]> {
  const parts = Math.ceil(rows / most);
  if (parts < 2) return [];
  const shares = Array.from({ length: parts - 1 }, (_, at) => (at + 1) / parts);
  const number = isTime ? `epoch_us(${column})` : column;
  const read = await connection.runAndReadAll(
    `SELECT CAST(unnest(approx_quantile(${number}, [${shares.join(', ')}])) AS DOUBLE) FROM ${from}`,
  );
  const found = (read.getRows() as [number | null][]).flatMap(([value]) => (value === null ? [] : [value]));
  return [...new Set(found)].sort((one, other) => one - other);
}

/** Ascending numbers as conditions one after the other: the rows without one come last, as they are sorted. */
function partedBy(numbers: readonly number[], { column, isTime }: NumberColumn): readonly string[] {
  const bounds = numbers.map((number) => (isTime ? `make_timestamptz(${number})` : String(number)));
  return [...bounds, undefined].map((to, at) => {
    const from = bounds[at - 1];
    const above = from === undefined ? [] : [`${column} >= ${from}`];
    const below = to === undefined ? [] : [`${column} < ${to}`];
    const inside = [...above, ...below].join(' AND ');
    if (inside === '') return 'true';
    return to === undefined ? `${inside} OR ${column} IS NULL` : inside;
  });
}
