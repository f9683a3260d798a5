import { explainMessage, MAX_MESSAGE_BYTES, MAX_MESSAGE_TICKS } from './explain.js';
import type { MessageRefusal } from './refusal.js';

const JSON_BLANKS = /^[ \t\n\r]*$/;

/** A message that holds no tick at all: one row of its own. */
export class RefusedMessage {
  readonly detail: string;
  constructor(
    readonly reason: MessageRefusal,
    found: unknown,
  ) {
    this.detail = explainMessage(reason, found);
  }
}

/**
 * The JSON value of a message: an array of 1 to 10,000 candidates for ticks, or a single one.
 * `message`: its text; its bytes when they are not UTF-8; null for a tombstone.
 */
export function readMessage(message: string | Uint8Array | null): unknown {
  if (message === null) return new RefusedMessage('empty', 'a tombstone');
  const size = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
  if (size > MAX_MESSAGE_BYTES) return new RefusedMessage('too_large', size);
  if (typeof message !== 'string') return new RefusedMessage('not_json', 'not UTF-8');
  const value = parseJson(message);
  if (!Array.isArray(value)) return value;
  if (value.length === 0) return new RefusedMessage('empty', 'an empty array');
  return value.length > MAX_MESSAGE_TICKS ? new RefusedMessage('too_many', value.length) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Also a RangeError, where an engine cannot parse what is nested too deep.
    if (JSON_BLANKS.test(text)) return new RefusedMessage('empty', 'nothing but blanks');
    return new RefusedMessage('not_json', error instanceof Error ? error.message : error);
  }
}
