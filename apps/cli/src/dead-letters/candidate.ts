import { decodeEvents, isTickFields, parseTick, rawBytes } from '@engine/medallion';
import type { Tick } from '@engine/medallion';

import type { DeadLetter } from './refused-rows.js';

/** What would be sent for a dead letter: a tick by the rules of this version, or what is none, with the reason. */
export type Candidate =
  | { readonly value: Buffer; readonly tick: Tick; readonly reason: null }
  | { readonly value: Buffer | null; readonly tick: null; readonly reason: string };

/** These say nothing against the ticks in the message, only against so many of them in one. */
const SPLIT = ['too_many', 'too_large'];

/**
 * What a dead letter would be sent as: the message as it came; of an array the element alone that was refused, as its
 * siblings were dealt with; of an array that was refused as a whole each element.
 */
export function candidatesOf({ record, reason, index }: DeadLetter): readonly Candidate[] {
  if (record === undefined) return [];
  const { raw } = record;
  if (raw === null) return [read(null)];
  const message = parseJson(raw);
  if (!Array.isArray(message) || message.length === 0) return [read(Buffer.from(rawBytes(raw)))];
  const elements: readonly unknown[] = SPLIT.includes(reason) ? message : message.slice(index, index + 1);
  return elements.map(readElement);
}

/**
 * The value with an id in it: replayed twice, or after somebody else has sent it, a tick without one would be accepted
 * twice. Put at the end of the text, which else stays as it is: of two fields of one name JSON takes the last.
 */
export function withId(value: Buffer, id: string): Buffer {
  const text = value.toString('utf8').trimEnd();
  return Buffer.from(`${text.slice(0, -1)},"id":${JSON.stringify(id)}}`);
}

function readElement(element: unknown): Candidate {
  const value = Buffer.from(JSON.stringify(element));
  // By itself a list would be a message of several ticks; in a message it was none.
  return isTickFields(element) ? read(value) : { value, tick: null, reason: 'not_an_object' };
}

/** By the very code that bronze runs. */
function read(value: Buffer | null): Candidate {
  const [refusal] = decodeEvents([{ partition: 0, offset: 0, timeMs: 0, key: null, value }], 1).refusals;
  if (refusal !== undefined || value === null)
    return { value, tick: null, reason: refusal?.reason ?? 'empty' };
  const parsed = parseTick(JSON.parse(value.toString('utf8')));
  return parsed.valid
    ? { value, tick: parsed.tick, reason: null }
    : { value, tick: null, reason: parsed.reason };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
