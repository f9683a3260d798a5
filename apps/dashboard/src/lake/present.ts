import type { TableSchema } from '@engine/medallion';
import { isoTime } from '../time.js';

/** A row as JSON: the table's columns under their names, times in ISO-8601. */
export function present({ columns }: TableSchema, row: object): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>(Object.entries(row));
  const entries = Object.entries(columns).map(([name, type]): [string, unknown] => {
    const value = values.get(name) ?? null;
    return [name, type === 'TIMESTAMP' && typeof value === 'number' ? isoTime(value) : value];
  });
  return Object.fromEntries(entries);
}
