/*
 * The rule of an input tick, field by field, stands here once. A parser takes a value that is present (neither null nor
 * undefined) and returns what it means, or undefined when it is refused. None of them throws.
 */
import type { Side } from '../ticks.js';

/** The highest price and size: 1e15. */
export const LARGEST_AMOUNT = 1e15;

const TICKER = /^[A-Za-z0-9^][A-Za-z0-9.\-_:/^=]{0,31}$/;
const DECIMAL = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const ASCII_BLANKS = ' \t\n\v\f\r';
/** Half of a surrogate pair is no character: it could not be stored as UTF-8 and told from another. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/** `null` counts as absent. */
export const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Trimmed of ASCII blanks, case kept: tickers are case-sensitive. */
export function parseTicker(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (TICKER.test(value)) return value;
  const trimmed = trimBlanks(value);
  return TICKER.test(trimmed) ? trimmed : undefined;
}

/** A number, or a decimal string, above 0 and at most 1e15. */
export function parsePrice(value: unknown): number | undefined {
  const price = parseDecimal(value);
  return price > 0 && price <= LARGEST_AMOUNT ? price : undefined;
}

/** A number, or a decimal string, from 0 to 1e15. */
export function parseSize(value: unknown): number | undefined {
  const size = parseDecimal(value);
  // Adding 0 turns -0 into 0: JSON has no -0, so that later layers would see another value than the lake.
  return size >= 0 && size <= LARGEST_AMOUNT ? size + 0 : undefined;
}

/** The taker's side. */
export function parseSide(value: unknown): Side | undefined {
  return value === 'buy' || value === 'sell' ? value : undefined;
}

/** A safe integer, or a string of 1 to 128 characters; either way as text. */
export function parseTradeId(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return parseText(value, 128);
}

/** A string of 1 to 64 characters. */
export function parseSource(value: unknown): string | undefined {
  return parseText(value, 64);
}

/** A loop, because an expression for blanks at the end takes quadratic time where there are many in the middle. */
function trimBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && ASCII_BLANKS.includes(value[start]!)) start++;
  while (end > start && ASCII_BLANKS.includes(value[end - 1]!)) end--;
  return value.slice(start, end);
}

/** NaN when it is neither a number nor a decimal string. */
function parseDecimal(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : NaN;
}

function parseText(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string' || value.length === 0 || value.length > longest) return undefined;
  return LONE_SURROGATE.test(value) ? undefined : value;
}
