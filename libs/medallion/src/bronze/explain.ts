import type { FieldRefusal, MessageRefusal, TickField } from './refusal.js';

/** Over this a message is not even parsed: 1 MiB. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** The most ticks that an array message may hold. */
export const MAX_MESSAGE_TICKS = 10_000;

const LONGEST_QUOTE = 64;

const remedies = {
  ticker:
    'send 1 to 32 letters, digits or . - _ : / ^ = that begin with a letter, a digit or ^, as "ticker" (or "symbol")',
  price: 'send a number or a decimal string above 0 and at most 1e15',
  timestamp:
    'send seconds, ms or µs since 1970 as an integer of 10, 13 or 16 digits (ns as a string of 19), seconds with a fraction, ' +
    'or ISO-8601 with a zone, before 2255',
  size: 'send a number or a decimal string from 0 to 1e15, or leave it out',
  side: 'send "buy" or "sell", the taker\'s side, or leave it out',
  id: 'send a safe integer or a string of 1 to 128 characters, or leave it out',
  source: 'send a string of 1 to 64 characters, or leave it out',
} as const satisfies Record<TickField, string>;

/** Names the field, the value and the remedy: `price "abc" is not valid: send a number ...`. */
export function explainField(reason: FieldRefusal, value: unknown): string {
  const [problem, field] = reason.split('_') as ['missing' | 'bad', TickField];
  const found = problem === 'missing' ? `${field} is missing` : `${field} ${quote(value)} is not valid`;
  return `${found}: ${remedies[field]}`;
}

/** `found`: the size in bytes, the parser's words, the JSON value or the number of elements, whatever the reason is about. */
export function explainMessage(reason: MessageRefusal, found: unknown): string {
  switch (reason) {
    case 'too_large':
      return `the message has ${String(found)} bytes: send at most ${MAX_MESSAGE_BYTES}`;
    case 'empty':
      return `${String(found)}: send a tick as a JSON object, or an array of them`;
    case 'not_json':
      return `not JSON in UTF-8 (${String(found).slice(0, 2 * LONGEST_QUOTE)}): send a tick as a JSON object, or an array of them`;
    case 'not_an_object':
      return `${quote(found)} is not a tick: send a JSON object`;
    case 'too_many':
      return `an array of ${String(found)} ticks: send at most ${MAX_MESSAGE_TICKS} in a message`;
  }
}

/** Never descends into a value: it may be nested deeper than the stack. */
function quote(value: unknown): string {
  if (typeof value === 'string') {
    const shown = JSON.stringify(value.slice(0, LONGEST_QUOTE));
    return value.length > LONGEST_QUOTE ? `${shown}...` : shown;
  }
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
