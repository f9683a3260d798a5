import type { ColumnType, ColumnTypes } from '@engine/medallion';
import { sqlName } from './sql-text.js';

/** The parts of a column's canonical text; `concat` takes a null for an empty text. */
const canonicalParts: Readonly<Record<ColumnType, (column: string) => readonly string[]>> = {
  BIGINT: (column) => [column, "';'"],
  INTEGER: (column) => [column, "';'"],
  TIMESTAMP: (column) => [`epoch_us(${column})`, "';'"],
  DOUBLE: (column) => [`CAST(CAST(${column} AS BIT) AS BIGINT)`, "';'"],
  BOOLEAN: (column) => [`CAST(${column} AS INTEGER)`, "';'"],
  VARCHAR: (column) => [`strlen(${column})`, "':'", column],
};

/** The content (content.ts says what it is) of all rows of a query, as an aggregate over its columns. */
export function contentSql(columns: ColumnTypes): string {
  const parts = Object.entries(columns).flatMap(([name, type]) => canonicalParts[type](sqlName(name)));
  const hash = `md5_number_lower(concat(${parts.join(', ')}))`;
  // SUM makes a HUGEINT of UBIGINTs: 2^63 rows could not overflow it.
  return `CAST(coalesce(sum(${hash}), 0) % 18446744073709551616 AS VARCHAR)`;
}
