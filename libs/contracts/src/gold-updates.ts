import { goldBars, goldMetrics } from '@engine/medallion';
import type {
  BarState,
  BarUpdate,
  ColumnType,
  ColumnTypes,
  GoldUpdate,
  MetricsUpdate,
} from '@engine/medallion';

import { MalformedMessageError } from './errors.js';
import { show } from './show.js';

const knownOfBar = [
  'symbol',
  'interval',
  'start',
  'revision',
  'open',
  'high',
  'low',
  'close',
  'ticks',
  'first_offset',
  'last_offset',
];
const knownOfMetrics = ['symbol', 'as_of', 'ticks'];
const barStates: readonly BarState[] = ['provisional', 'final', 'corrected'];

/** `bar:<symbol>:<interval>:<start µs>` or `metrics:<symbol>` */
export function updateKey(update: GoldUpdate): string {
  if (update.type === 'metrics') return `metrics:${update.symbol}`;
  return `bar:${update.symbol}:${update.interval}:${update.start}`;
}

export function encodeUpdate(update: GoldUpdate): { key: string; value: string } {
  return { key: updateKey(update), value: JSON.stringify(update) };
}

/** A figure that is not in the message is null: its writer did not know it yet. Throws `MalformedMessageError`. */
export function decodeUpdate(value: Uint8Array | null): GoldUpdate {
  const fields = parseFields(value);
  const basedOn = {
    lane_offset: readCount(fields, 'lane_offset'),
    lane_index: readCount(fields, 'lane_index'),
  };
  if (fields['type'] === 'bar') {
    const row = readRow(fields, goldBars.columns, knownOfBar);
    return { type: 'bar', state: readState(fields), ...basedOn, ...row } as BarUpdate;
  }
  if (fields['type'] === 'metrics') {
    return {
      type: 'metrics',
      ...basedOn,
      ...readRow(fields, goldMetrics.columns, knownOfMetrics),
    } as MetricsUpdate;
  }
  throw unexpected('type', fields['type']);
}

type Fields = Readonly<Record<string, unknown>>;

function parseFields(value: Uint8Array | null): Fields {
  const text = value === null ? 'null' : Buffer.from(value).toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Fields;
  } catch {
    // Said below, with the text.
  }
  throw new MalformedMessageError(`Not an update of gold: ${show(text)}`);
}

/** The columns of the table; those in `known` are never null. */
function readRow(fields: Fields, columns: ColumnTypes, known: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(columns).map(([name, type]): [string, unknown] => {
    const value = fields[name] ?? null;
    if (value === null ? known.includes(name) : typeof value !== jsonTypeOf(type))
      throw unexpected(name, fields[name]);
    return [name, value];
  });
  return Object.fromEntries(entries);
}

function jsonTypeOf(type: ColumnType): 'string' | 'boolean' | 'number' {
  if (type === 'VARCHAR') return 'string';
  return type === 'BOOLEAN' ? 'boolean' : 'number';
}

function readState(fields: Fields): BarState {
  const state = barStates.find((known) => known === fields['state']);
  if (state === undefined) throw unexpected('state', fields['state']);
  return state;
}

function readCount(fields: Fields, name: string): number {
  const value = fields[name];
  if (!Number.isSafeInteger(value)) throw unexpected(name, value);
  return value as number;
}

function unexpected(field: string, found: unknown): MalformedMessageError {
  return new MalformedMessageError(`In an update of gold, ${field} is ${show(found)}`);
}
