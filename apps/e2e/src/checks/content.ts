import type { Duck } from '../support/duck.js';
import { literal } from '../support/duck.js';

/** What a file holds, counted and hashed row by row. */
export interface Content {
  readonly rows: number;
  readonly content: string;
}

/**
 * Counts and hashes the rows of some files of one table, by the hash's published definition: a row's hash is the lower half
 * of the MD5 of its columns as text, the content is the sum of them modulo 2^64.
 */
export async function contentsOf(duck: Duck, files: readonly string[]): Promise<Map<string, Content>> {
  if (files.length === 0) return new Map();
  const list = `[${files.map(literal).join(', ')}], hive_partitioning = false`;
  const columns = await duck.rows<{ column_name: string; column_type: string }>(
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${list}))`,
  );
  const texts = columns.map(({ column_name, column_type }) => textOf(`"${column_name}"`, column_type));
  const found = await duck.rows<Content & { filename: string }>(
    `SELECT filename, count(*) AS rows, (sum(md5_number_lower(${texts.join(' || ')})) % 18446744073709551616)::VARCHAR AS content
     FROM read_parquet(${list}, filename = true) GROUP BY filename`,
  );
  const contents = new Map<string, Content>(files.map((file) => [file, { rows: 0, content: '0' }]));
  for (const { filename, rows, content } of found) contents.set(filename, { rows, content });
  return contents;
}

/** Numbers end with a semicolon, text begins with its length in bytes, so that columns cannot run into each other. */
function textOf(column: string, type: string): string {
  if (type === 'VARCHAR') return `coalesce(strlen(${column}) || ':' || ${column}, ':')`;
  const number = {
    BIGINT: column,
    INTEGER: column,
    BOOLEAN: `${column}::INTEGER`,
    DOUBLE: `${column}::BIT::BIGINT`,
    'TIMESTAMP WITH TIME ZONE': `epoch_us(${column})`,
  }[type];
  if (number === undefined) throw new TypeError(`${column} is a ${type}: how is that hashed?`);
  return `coalesce((${number})::VARCHAR, '') || ';'`;
}
