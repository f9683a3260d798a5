import { sizeOf } from '../consumer/size-of.js';
import type { LogRecord, OutgoingRecord, ReadLimits } from '../ports.js';
import { ByteReader } from './byte-reader.js';
import { varintSize, writeVarint } from './varint.js';

/**
 * Records of one send that lie together in one partition, as one value of LMDB:
 * version (1 byte), append time (ms, double, big endian), number of records, then per record: key, value, number of
 * headers, and per header name and value. Numbers are varints; a key or value is its length + 1 (0: null) and its bytes.
 */
export interface Chunk {
  readonly count: number;
  readonly bytes: Buffer;
}

const version = 1;
const timeAt = 1;
const countAt = 9;

/** Chunks are about this large, unless a single record is larger: small enough that reading one record is cheap. */
const targetBytes = 64 * 1024;

/** The records, all of one partition, in order. The append time is set later, by `stampChunk`. */
export function encodeChunks(records: readonly OutgoingRecord[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let first = 0;
  let bytes = 0;
  records.forEach((record, i) => {
    const size = encodedSize(record);
    if (i > first && bytes + size > targetBytes) {
      chunks.push(encodeChunk(records.slice(first, i), bytes));
      first = i;
      bytes = 0;
    }
    bytes += size;
  });
  if (first < records.length) chunks.push(encodeChunk(records.slice(first), bytes));
  return chunks;
}

export function stampChunk({ bytes }: Chunk, timeMs: number): void {
  bytes.writeDoubleBE(timeMs, timeAt);
}

export function timeOfChunk(bytes: Buffer): number {
  return bytes.readDoubleBE(timeAt);
}

/** The number of records in it. */
export function countOfChunk(bytes: Buffer): number {
  return new ByteReader(bytes, countAt).varint();
}

/** Adds the records from offset `from` on to `into`, as long as they are within the limits. Returns whether more fit. */
export function decodeChunk(
  bytes: Buffer,
  place: { readonly partition: number; readonly base: number; readonly from: number },
  into: RecordCollector,
): boolean {
  if (bytes[0] !== version) throw new Error(`A chunk of version ${bytes[0] ?? 'none'} cannot be read`);
  const reader = new ByteReader(bytes, countAt);
  const timeMs = timeOfChunk(bytes);
  const end = place.base + reader.varint();
  for (let offset = place.base; offset < end; offset++) {
    const record = { partition: place.partition, offset, timeMs, ...readRecord(reader) };
    if (offset >= place.from && !into.add(record)) return false;
  }
  return true;
}

/** Takes records as long as they are within the limits, the first one always. */
export class RecordCollector {
  readonly records: LogRecord[] = [];
  #bytes = 0;

  constructor(private readonly limits: ReadLimits) {}

  /** False: the record was not taken. */
  add(record: LogRecord): boolean {
    this.#bytes += sizeOf(record);
    const fits = this.records.length < this.limits.maxRecords && this.#bytes <= this.limits.maxBytes;
    if (!fits && this.records.length > 0) return false;
    this.records.push(record);
    return true;
  }
}

function encodeChunk(records: readonly OutgoingRecord[], recordBytes: number): Chunk {
  const bytes = Buffer.allocUnsafe(countAt + varintSize(records.length) + recordBytes);
  bytes[0] = version;
  bytes.writeDoubleBE(0, timeAt);
  let at = writeVarint(bytes, records.length, countAt);
  for (const record of records) at = writeRecord(bytes, record, at);
  return { count: records.length, bytes };
}

function encodedSize({ key, value, headers }: OutgoingRecord): number {
  const pairs = headers ? Object.entries(headers).flat() : [];
  const fields = pairs.reduce((sum, text) => sum + fieldSize(text), fieldSize(key) + fieldSize(value));
  return fields + varintSize(pairs.length / 2);
}

function writeRecord(bytes: Buffer, { key, value, headers }: OutgoingRecord, start: number): number {
  const pairs = headers ? Object.entries(headers).flat() : [];
  let at = writeField(bytes, value, writeField(bytes, key, start));
  at = writeVarint(bytes, pairs.length / 2, at);
  for (const text of pairs) at = writeField(bytes, text, at);
  return at;
}

type Field = string | Buffer | null | undefined;

function byteLength(field: string | Buffer): number {
  return typeof field === 'string' ? Buffer.byteLength(field) : field.length;
}

function fieldSize(field: Field): number {
  if (field === null || field === undefined) return 1;
  const length = byteLength(field);
  return varintSize(length + 1) + length;
}

function writeField(bytes: Buffer, field: Field, start: number): number {
  if (field === null || field === undefined) return writeVarint(bytes, 0, start);
  const length = byteLength(field);
  const at = writeVarint(bytes, length + 1, start);
  if (typeof field === 'string') bytes.write(field, at);
  else field.copy(bytes, at);
  return at + length;
}

function readRecord(reader: ByteReader): Pick<LogRecord, 'key' | 'value' | 'headers'> {
  const key = readField(reader);
  const value = readField(reader);
  return { key, value, headers: readHeaders(reader) };
}

function readHeaders(reader: ByteReader): Record<string, string> {
  const pairs: [string, string][] = [];
  for (let left = reader.varint(); left > 0; left--) pairs.push([readText(reader), readText(reader)]);
  return Object.fromEntries(pairs);
}

function readText(reader: ByteReader): string {
  return readField(reader)?.toString() ?? '';
}

function readField(reader: ByteReader): Buffer | null {
  const length = reader.varint();
  return length === 0 ? null : reader.take(length - 1);
}
