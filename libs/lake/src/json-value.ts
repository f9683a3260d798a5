import type { DuckDBValue } from '@duckdb/node-api';
import {
  DuckDBArrayValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
} from '@duckdb/node-api';

export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * A value as JSON can carry it without loss: integers and decimals are numbers where a double holds them exactly, else
 * text; NaN and infinities are text; a TIMESTAMPTZ is ISO-8601 in UTC with µs; a MAP is a list of keys and values; all
 * that JSON has no word for (dates, intervals, blobs, ...) is text as DuckDB writes it.
 */
export function jsonValue(value: DuckDBValue): JsonValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof DuckDBTimestampTZValue) return isoTime(value);
  if (value instanceof DuckDBDecimalValue) return decimal(value);
  if (value instanceof DuckDBListValue || value instanceof DuckDBArrayValue)
    return value.items.map(jsonValue);
  if (value instanceof DuckDBStructValue) return mapValues(value.entries);
  if (value instanceof DuckDBMapValue)
    return value.entries.map((entry) => ({ key: jsonValue(entry.key), value: jsonValue(entry.value) }));
  return value.toString();
}

const integer = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();

/** A decimal of up to 15 digits survives the way through a double. */
const decimal = (value: DuckDBDecimalValue): number | string =>
  value.width <= 15 ? value.toDouble() : value.toString();

const mapValues = (entries: Readonly<Record<string, DuckDBValue>>): JsonValue =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, jsonValue(value)]));

function isoTime(value: DuckDBTimestampTZValue): string {
  const milliseconds = Number(value.micros / 1000n) - (value.micros % 1000n < 0n ? 1 : 0);
  // A Date reaches over 270,000 years; beyond it lie `infinity` and its opposite.
  if (Math.abs(milliseconds) > 8.64e15) return value.toString();
  const micros = Number(((value.micros % 1000n) + 1000n) % 1000n);
  return new Date(milliseconds).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}
