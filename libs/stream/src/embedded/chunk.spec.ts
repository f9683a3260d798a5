import fc from 'fast-check';
import type { LogRecord, OutgoingRecord } from '../index.js';
import {
  RecordCollector,
  countOfChunk,
  decodeChunk,
  encodeChunks,
  stampChunk,
  timeOfChunk,
} from './chunk.js';

const plenty = { maxRecords: 1_000_000, maxBytes: 1024 ** 3 };

function decodeAll(records: readonly OutgoingRecord[], from = 0, limits = plenty): readonly LogRecord[] {
  const collector = new RecordCollector(limits);
  let base = 100;
  for (const chunk of encodeChunks(records)) {
    stampChunk(chunk, 1_700_000_000_123);
    expect(countOfChunk(chunk.bytes)).toBe(chunk.count);
    expect(timeOfChunk(chunk.bytes)).toBe(1_700_000_000_123);
    if (!decodeChunk(chunk.bytes, { partition: 7, base, from }, collector)) break;
    base += chunk.count;
  }
  return collector.records;
}

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const anyRecord = fc.record({
  partition: fc.constant(7),
  key: fc.option(text),
  value: fc.option(
    fc.oneof(
      text,
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    ),
  ),
  headers: fc.dictionary(text, text, { maxKeys: 4 }),
});

describe('a chunk', () => {
  it('gives back any records', () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 20 }), (records) => {
        const expected = records.map(({ key, value, headers }, i) => ({
          partition: 7,
          offset: 100 + i,
          timeMs: 1_700_000_000_123,
          key: typeof key === 'string' ? Buffer.from(key) : null,
          value: value === null ? null : Buffer.from(value),
          headers: { ...headers },
        }));
        expect(decodeAll(records)).toEqual(expected);
      }),
    );
  });

  it('is one of several when there is much: about 64 KiB each, a larger record by itself', () => {
    const sizes = [10, 30_000, 30_000, 30_000, 200_000, 5, 5];
    const records = sizes.map((size) => ({ partition: 0, value: Buffer.alloc(size, 1) }));
    expect(encodeChunks(records).map(({ count }) => count)).toEqual([3, 1, 1, 2]);
    expect(decodeAll(records).map(({ value }) => value?.length)).toEqual(sizes);
    expect(encodeChunks([])).toEqual([]);
  });

  it('is read from an offset inside it', () => {
    const records = Array.from({ length: 10 }, (_, i) => ({ partition: 0, value: `${i}` }));
    expect(decodeAll(records, 106).map(({ value }) => value?.toString())).toEqual(['6', '7', '8', '9']);
    const limits = { maxRecords: 2, maxBytes: 100 };
    expect(decodeAll(records, 103, limits).map(({ offset }) => offset)).toEqual([103, 104]);
  });

  it('takes a few bytes a record beside key and value', () => {
    const records = Array.from({ length: 100 }, () => ({
      partition: 0,
      key: 'AAPL',
      value: 'x'.repeat(100),
    }));
    const [chunk] = encodeChunks(records);
    expect(chunk!.bytes.length).toBe(100 * (104 + 3) + 10);
  });

  it('of another version, or cut short, is refused', () => {
    const [chunk] = encodeChunks([{ partition: 0, value: 'abcdef' }]);
    const place = { partition: 0, base: 0, from: 0 };
    const cut = chunk!.bytes.subarray(0, -3);
    expect(() => decodeChunk(cut, place, new RecordCollector(plenty))).toThrow(RangeError);
    const other = Buffer.from(chunk!.bytes);
    other[0] = 9;
    expect(() => decodeChunk(other, place, new RecordCollector(plenty))).toThrow('version 9');
  });
});
