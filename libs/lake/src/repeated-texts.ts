import type { DuckDBConnection } from '@duckdb/node-api';
import { sqlFiles, sqlName, sqlText } from './sql-text.js';

/** Columns whose texts come again and again. */
const REPEATING = new Set(['verdict', 'reason', 'symbol', 'side', 'source', 'interval']);
/** With more of them an ENUM is no faster than the texts. */
const MAX_TEXTS = 10_000;

const BOM = "'\uFEFF'";

/** The driver takes a byte order mark at the start of a text for no part of it, so such a text needs two. */
export const wholeText = (column: string): string =>
  `CASE WHEN starts_with(${column}, ${BOM}) THEN ${BOM} || ${column} ELSE ${column} END`;

/**
 * A column read as ids: each text becomes a JavaScript string once, not once per row, and equal ones are the same. Ids and not an
 * ENUM, whose texts the driver asks for anew with every chunk.
 */
export interface RepeatedTexts {
  /** By id; the first is null. */
  readonly texts: readonly (string | null)[];
  sql(column: string): string;
}

/** For those of the columns that can be read so. One look through the files, at these columns only. */
export async function repeatedTexts(
  connection: DuckDBConnection,
  paths: readonly string[],
  columns: readonly string[],
): Promise<ReadonlyMap<string, RepeatedTexts>> {
  const repeating = columns.filter((name) => REPEATING.has(name));
  if (repeating.length === 0) return new Map();
  const lists = repeating
    .map(sqlName)
    .map((name) => `list(DISTINCT ${wholeText(name)}) FILTER (${name} IS NOT NULL)`);
  const read = await connection.runAndReadAll(
    `SELECT ${lists.join(', ')} FROM read_parquet(${sqlFiles(paths)})`,
  );
  const [row = []] = read.getRowsJS() as (readonly string[] | null)[][];
  const found = repeating.map((name, at) => [name, row[at] ?? []] as const);
  return new Map(found.filter(([, texts]) => canBeNamed(texts)).map(([name, texts]) => [name, idsOf(texts)]));
}

/** SQL text ends at a NUL. */
const canBeNamed = (texts: readonly string[]): boolean =>
  texts.length <= MAX_TEXTS && !texts.some((text) => text.includes('\0'));

function idsOf(texts: readonly string[]): RepeatedTexts {
  const known = new Set(texts);
  let nullText = '';
  while (known.has(nullText)) nullText += ' ';
  const type = `ENUM(${[nullText, ...texts].map(sqlText).join(', ')})`;
  const sql = (column: string): string =>
    `CAST(enum_code(CAST(coalesce(${column}, ${sqlText(nullText)}) AS ${type})) AS DOUBLE)`;
  return { texts: [null, ...texts], sql };
}
