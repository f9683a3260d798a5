/** A table's value, as JavaScript has it: times in µs since the epoch. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;

export interface Comparison {
  /** The columns that name a row: unique on either side. */
  readonly key: readonly string[];
  /** Columns that must be identical. */
  readonly exact?: readonly string[];
  /** Columns that come out of arithmetic: null alike, else within 1e-9 of each other, relatively. */
  readonly close?: readonly string[];
}

export const RELATIVE_TOLERANCE = 1e-9;
const MOST_SHOWN = 12;

/** Where two sets of rows differ, in words, the first dozen; empty when they are the same. */
export function differences(
  actual: readonly Row[],
  expected: readonly Row[],
  comparison: Comparison,
): string[] {
  const found: string[] = [];
  const actualByKey = byKey(actual, comparison.key, 'actual', found);
  const expectedByKey = byKey(expected, comparison.key, 'expected', found);
  for (const [key, row] of expectedByKey) {
    const counterpart = actualByKey.get(key);
    if (counterpart === undefined) found.push(`missing: ${key} ${JSON.stringify(row)}`);
    else found.push(...unlike(key, counterpart, row, comparison));
  }
  for (const [key, row] of actualByKey)
    if (!expectedByKey.has(key)) found.push(`not expected: ${key} ${JSON.stringify(row)}`);
  if (found.length <= MOST_SHOWN) return found;
  return [...found.slice(0, MOST_SHOWN), `and ${found.length - MOST_SHOWN} more`];
}

/** Equal up to the error of summing in another order. */
export function isClose(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'number' || typeof b !== 'number') return false;
  return Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function byKey(
  rows: readonly Row[],
  key: readonly string[],
  side: string,
  found: string[],
): Map<string, Row> {
  const map = new Map<string, Row>();
  for (const row of rows) {
    const name = key.map((column) => String(value(row, column))).join(' ');
    if (map.has(name)) found.push(`twice in ${side}: ${name}`);
    map.set(name, row);
  }
  return map;
}

function unlike(key: string, actual: Row, expected: Row, { exact = [], close = [] }: Comparison): string[] {
  const wrong = [
    ...exact.filter((column) => value(actual, column) !== value(expected, column)),
    ...close.filter((column) => !isClose(value(actual, column), value(expected, column))),
  ];
  return wrong.map(
    (column) =>
      `${key}: ${column} is ${String(value(actual, column))}, expected ${String(value(expected, column))}`,
  );
}

function value(row: Row, column: string): Value {
  const found = row[column];
  if (found === undefined) throw new Error(`There is no column ${column} in ${JSON.stringify(row)}`);
  return found;
}
