import type { Side } from '../ticks.js';
import { explainField, explainMessage } from './explain.js';
import {
  isAbsent,
  parsePrice,
  parseSide,
  parseSize,
  parseSource,
  parseTicker,
  parseTradeId,
} from './fields.js';
import type { FieldRefusal, RefusalReason } from './refusal.js';
import { parseTimestamp } from './timestamp.js';

/** An object that may be a tick; what else it holds is kept in `raw` and otherwise ignored. */
export interface TickFields {
  readonly ticker?: unknown;
  readonly symbol?: unknown;
  readonly price?: unknown;
  readonly timestamp?: unknown;
  readonly size?: unknown;
  readonly volume?: unknown;
  readonly quantity?: unknown;
  readonly side?: unknown;
  readonly id?: unknown;
  readonly source?: unknown;
}

/** A valid tick; `eventTimeUs` in µs since the epoch. */
export interface Tick {
  readonly symbol: string;
  readonly eventTimeUs: number;
  readonly price: number;
  readonly size: number | null;
  readonly side: Side | null;
  readonly tradeId: string | null;
  readonly source: string;
}

export const UNKNOWN_SOURCE = 'unknown';

/** `ticker` wins over `symbol`. */
export const tickerOf = (fields: TickFields): unknown => fields.ticker ?? fields.symbol;
/** `size` wins over `volume`, `volume` over `quantity`. */
export const sizeOf = (fields: TickFields): unknown => fields.size ?? fields.volume ?? fields.quantity;

export const isTickFields = (value: unknown): value is TickFields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where `readTick` puts what it reads, over and over, so that a tick costs no object. */
export class TickSlot {
  /** Empty until the ticker could be read: a refused tick may have one. */
  symbol = '';
  eventTimeUs = 0;
  price = 0;
  size: number | null = null;
  side: Side | null = null;
  tradeId: string | null = null;
  source = UNKNOWN_SOURCE;
}

/** Fills the slot, or says the first reason against it; the slot then holds the symbol at most. */
export function readTick(fields: TickFields, into: TickSlot): FieldRefusal | undefined {
  return readRequired(fields, into) ?? readOptional(fields, into);
}

function readRequired(fields: TickFields, into: TickSlot): FieldRefusal | undefined {
  into.symbol = '';
  const ticker = tickerOf(fields);
  if (isAbsent(ticker)) return 'missing_ticker';
  const symbol = parseTicker(ticker);
  if (symbol === undefined) return 'bad_ticker';
  into.symbol = symbol;

  if (isAbsent(fields.price)) return 'missing_price';
  const price = parsePrice(fields.price);
  if (price === undefined) return 'bad_price';
  into.price = price;

  if (isAbsent(fields.timestamp)) return 'missing_timestamp';
  const eventTimeUs = parseTimestamp(fields.timestamp);
  if (eventTimeUs === undefined) return 'bad_timestamp';
  into.eventTimeUs = eventTimeUs;
  return undefined;
}

function readOptional(fields: TickFields, into: TickSlot): FieldRefusal | undefined {
  const givenSize = sizeOf(fields);
  const size = isAbsent(givenSize) ? null : parseSize(givenSize);
  if (size === undefined) return 'bad_size';
  into.size = size;

  const side = isAbsent(fields.side) ? null : parseSide(fields.side);
  if (side === undefined) return 'bad_side';
  into.side = side;

  const tradeId = isAbsent(fields.id) ? null : parseTradeId(fields.id);
  if (tradeId === undefined) return 'bad_id';
  into.tradeId = tradeId;

  const source = isAbsent(fields.source) ? UNKNOWN_SOURCE : parseSource(fields.source);
  if (source === undefined) return 'bad_source';
  into.source = source;
  return undefined;
}

export type ParsedTick =
  | { readonly valid: true; readonly tick: Tick }
  | {
      readonly valid: false;
      readonly reason: RefusalReason;
      readonly detail: string;
      readonly symbol: string | null;
    };

/** One tick at a time, for the edges; batches go through `decodeEvents`. */
export function parseTick(value: unknown): ParsedTick {
  if (!isTickFields(value))
    return {
      valid: false,
      reason: 'not_an_object',
      detail: explainMessage('not_an_object', value),
      symbol: null,
    };
  const slot = new TickSlot();
  const reason = readTick(value, slot);
  if (reason === undefined) return { valid: true, tick: slot };
  return {
    valid: false,
    reason,
    detail: explainField(reason, refusedValue(reason, value)),
    symbol: slot.symbol || null,
  };
}

/** The value that a refusal is about. */
export function refusedValue(reason: FieldRefusal, fields: TickFields): unknown {
  if (reason === 'bad_ticker') return tickerOf(fields);
  if (reason === 'bad_size') return sizeOf(fields);
  const field = reason.slice(reason.indexOf('_') + 1) as keyof TickFields;
  return fields[field];
}
