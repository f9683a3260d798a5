import { isUtf8 } from 'node:buffer';
import type { Tick } from '@engine/medallion';
import { MAX_MESSAGE_BYTES, parseTick } from '@engine/medallion';
import type { FeedRow } from './feed.js';

const CLOSING_BRACE = 0x7d;

/**
 * A file's message as a row. It stays as it is, byte for byte, but for a valid single tick without an id: that gets
 * `"id":"<idPrefix>-<row>"` as its last member, the same one each time the file is read, so that sending it twice is
 * harmless.
 */
export function fileRow(message: Buffer, row: number, idPrefix: string): FeedRow {
  const tick = readTick(message);
  if (tick === undefined) return { row, key: String(row), value: message, eventTimeUs: null };
  const value = tick.tradeId === null ? withId(message, `${idPrefix}-${row}`) : message;
  return { row, key: tick.symbol, value, eventTimeUs: tick.eventTimeUs };
}

function readTick(message: Buffer): Tick | undefined {
  if (message.length > MAX_MESSAGE_BYTES || !isUtf8(message)) return undefined;
  try {
    const parsed = parseTick(JSON.parse(message.toString()));
    return parsed.valid ? parsed.tick : undefined;
  } catch {
    return undefined;
  }
}

/** A valid tick has members, so a comma comes first. An `"id":null` in it is overruled: of two members the last counts. */
function withId(message: Buffer, id: string): Buffer {
  const end = message.lastIndexOf(CLOSING_BRACE);
  const member = Buffer.from(`,"id":${JSON.stringify(id)}`);
  return Buffer.concat([message.subarray(0, end), member, message.subarray(end)]);
}
