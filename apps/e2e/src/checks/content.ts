import type { Duck } from '../support/duck.js';
import { literal } from '../support/duck.js';

/**
 * The content hash of a file's rows, by its published definition: a row's hash is the lower half of the MD5 of its columns
 * as text, the content is the sum of them modulo 2^64.
 */
export async function contentOf(duck: Duck, file: string): Promise<string> {
  const rows = `read_parquet(${literal(file)}, hive_partitioning = false)`;
  const columns = await duck.rows<{ column_name: string; column_type: string }>(
    `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${rows})`,
  );
  const texts = columns.map(({ column_name, column_type }) => textOf(`"${column_name}"`, column_type));
  const { content } = await duck.row<{ content: string }>(
    `SELECT (coalesce(sum(md5_number_lower(${texts.join(' || ')})), 0) % 18446744073709551616)::VARCHAR AS content FROM ${rows}`,
  );
  return content;
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
