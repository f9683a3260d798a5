import type { FieldsToMessage } from './csv.js';

/** Columns whose values are trimmed: blanks around them carry no meaning. */
const TICK_COLUMNS = new Set([
  ...['ticker', 'symbol', 'price', 'timestamp', 'size', 'volume', 'quantity', 'side', 'id', 'source'],
]);

/** A JSON number with a fraction or an exponent: only as a number does it count as seconds. */
const FRACTIONAL_NUMBER = /^-?(0|[1-9]\d*)(\.\d+([eE][+-]?\d+)?|[eE][+-]?\d+)$/;

/**
 * Rows under the names of a tick's fields: `{"ticker":"AAPL","price":"101.5",...}`. Values stay the text they are, so that
 * no digit is lost; an empty one is absent; other columns are passed on too.
 */
export function csvTicks(header: readonly string[]): FieldsToMessage {
  const names = header.map((name) => name.trim());
  return (fields) => {
    const members = names.map((name, i) => member(name, fields[i] ?? ''));
    return `{${members.filter((text) => text !== '').join(',')}}`;
  };
}

function member(name: string, field: string): string {
  const value = TICK_COLUMNS.has(name) ? field.trim() : field;
  if (value === '') return '';
  const isNumber = name === 'timestamp' && FRACTIONAL_NUMBER.test(value);
  return `${JSON.stringify(name)}:${isNumber ? value : JSON.stringify(value)}`;
}
