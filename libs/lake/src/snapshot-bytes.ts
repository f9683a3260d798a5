import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { messageOf } from './error-message.js';
import { SnapshotUnreadableError } from './ports.js';
import type { Snapshot } from './ports.js';

/** A snapshot without its body. */
export type SnapshotFacts = Omit<Snapshot, 'body'>;

const FORMAT = 1;
const NEWLINE = 0x0a;

/** The first line of a snapshot, as JSON. */
interface Header {
  readonly format: number;
  readonly offset: number;
  readonly rules: string;
  readonly topic: string;
  readonly isFinal: boolean;
  /** Length of the body. */
  readonly bytes: number;
  /** SHA-256, in hex, of the header with an empty string here, and the body. */
  readonly sha256: string;
}

/** A line of JSON that says what it is, then the body as V8 serializes it. */
export function encodeSnapshot({ body, ...facts }: Snapshot): Buffer {
  const bytes = serialize(body);
  const header: Header = { format: FORMAT, ...facts, bytes: bytes.length, sha256: '' };
  const line = JSON.stringify({ ...header, sha256: digest(header, bytes) });
  return Buffer.concat([Buffer.from(`${line}\n`), bytes]);
}

/** Throws `SnapshotUnreadableError` where a byte is not what was written, or another format was. */
export function decodeSnapshot(name: string, file: Uint8Array): Snapshot {
  const { facts, body } = checkSnapshot(name, file);
  // The copy belongs to nobody else: typed arrays in the body may be views of it.
  return { ...facts, body: deserializeBody(name, Buffer.from(body)) };
}

/** What a snapshot says of itself, once every byte is known to be as it was written. Throws as `decodeSnapshot`. */
export function checkSnapshot(name: string, file: Uint8Array): { facts: SnapshotFacts; body: Uint8Array } {
  const end = file.indexOf(NEWLINE);
  if (end < 0) throw new SnapshotUnreadableError(name, 'it has no header');
  const body = file.subarray(end + 1);
  const header = parseHeader(name, Buffer.from(file.subarray(0, end)).toString());
  if (header.format !== FORMAT)
    throw new SnapshotUnreadableError(name, `it has format ${header.format}, not ${FORMAT}`);
  if (header.bytes !== body.length || header.sha256 !== digest(header, body))
    throw new SnapshotUnreadableError(name, 'its checksum is wrong');
  const { offset, rules, topic, isFinal } = header;
  return { facts: { offset, rules, topic, isFinal }, body };
}

function parseHeader(name: string, line: string): Header {
  try {
    return JSON.parse(line) as Header;
  } catch (error) {
    throw new SnapshotUnreadableError(name, 'its header is no JSON', { cause: error });
  }
}

function digest(header: Header, body: Uint8Array): string {
  const line = JSON.stringify({ ...header, sha256: '' });
  return createHash('sha256').update(`${line}\n`).update(body).digest('hex');
}

/** An older Node.js may not read what a newer one has written. */
function deserializeBody(name: string, bytes: Buffer): unknown {
  try {
    return deserialize(bytes);
  } catch (error) {
    throw new SnapshotUnreadableError(name, messageOf(error), { cause: error });
  }
}
