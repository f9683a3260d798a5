import { createHash } from 'node:crypto';
import type { Column, ColumnType, ColumnValues, TableBatch } from '@engine/medallion';

/**
 * The content hash of rows, the same in JavaScript (here) and in SQL (content-sql.ts).
 *
 * A row's *canonical text* is the concatenation of its columns in the order of the schema:
 * - BIGINT, INTEGER: the decimal integer and `;`
 * - TIMESTAMP: the decimal µs since the epoch and `;`
 * - DOUBLE: its 64 bits read as a signed integer, decimal, and `;`. Equal bits give equal text, different bits different
 *   text; -0 and 0 are not made equal
 * - BOOLEAN: `1;` or `0;`
 * - VARCHAR: the number of its UTF-8 bytes, `:`, the text (a lone surrogate counts as U+FFFD, as it is stored)
 * - null: `:` for VARCHAR, `;` for every other type
 *
 * Reading from the left the columns can be told apart again, so different rows have different texts. A row's hash is the
 * last 8 of the 16 bytes of the MD5 of that text (UTF-8), read as a little-endian unsigned integer (DuckDB's
 * `md5_number_lower`). The content of a set of rows is the sum of their hashes modulo 2^64, as a decimal: it depends on
 * neither the rows' order nor on how they are cut into segments, and the content of a union is the sum of the contents.
 */
export function contentOfBatches(batches: readonly TableBatch[]): string {
  let sum = 0n;
  for (const batch of batches) {
    for (let row = 0; row < batch.rows; row++) sum += hashOfRow(batch.columns, row);
  }
  return decimal(sum);
}

/** One row's hash, out of some columns in the order of the schema. */
export const hashOfRow = (columns: readonly Column[], row: number): bigint =>
  hashOfText(canonicalText(columns, row));

/** The content of a union of rows, out of the contents of its parts. */
export const addContents = (contents: readonly string[]): string =>
  decimal(contents.reduce((sum, content) => sum + BigInt(content), 0n));

/** Of no rows. */
export const EMPTY_CONTENT = '0';

const decimal = (sum: bigint): string => BigInt.asUintN(64, sum).toString();

const hashOfText = (text: string): bigint => createHash('md5').update(text).digest().readBigUInt64LE(8);

const canonicalText = (columns: readonly Column[], row: number): string =>
  columns.map(({ type, values }) => textOf[type](values, row)).join('');

const bits = new DataView(new ArrayBuffer(8));

function bitsOf(value: number): bigint {
  bits.setFloat64(0, value);
  return bits.getBigInt64(0);
}

function numberText(values: Column['values'], row: number): string {
  const value = values[row] as number;
  return Number.isNaN(value) ? ';' : `${value};`;
}

const textOf: { readonly [Type in ColumnType]: (values: Column['values'], row: number) => string } = {
  BIGINT: numberText,
  TIMESTAMP: numberText,
  INTEGER: numberText,
  DOUBLE: (values, row) => {
    const value = values[row] as number;
    return Number.isNaN(value) ? ';' : `${bitsOf(value).toString()};`;
  },
  BOOLEAN: (values, row) => (values[row] === 2 ? ';' : numberText(values, row)),
  VARCHAR: (values, row) => {
    const value = (values as ColumnValues['VARCHAR'])[row] ?? null;
    return value === null ? ':' : `${Buffer.byteLength(value)}:${value}`;
  },
};
