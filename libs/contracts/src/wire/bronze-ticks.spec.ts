import fc from 'fast-check';

import type { Coordinate } from '../coordinate.js';
import { MalformedMessageError, UnknownVersionError } from '../errors.js';
import { bronzeRowsOf, bronzeTicksOf } from '../testing.js';
import type { BronzeRow } from '../testing.js';
import { decodeBronzeMessage, encodeBronzeTicks, encodeMarker } from './bronze-ticks.js';
import type { DecodedBronzeMessage } from './bronze-ticks.js';
import { MAX_MESSAGE_JSON_BYTES, MAX_MESSAGE_ROWS } from './cut.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (value: string): DecodedBronzeMessage => decodeBronzeMessage(bytes(value));
const decodedRows = (values: readonly string[]): BronzeRow[] =>
  values.flatMap((value) => {
    const { message } = decode(value);
    return message.kind === 'ticks' ? bronzeRowsOf(message.ticks) : [];
  });

const positive = fc.double({ min: 5e-324, max: 1e15, noNaN: true });
const bronzeRow: fc.Arbitrary<BronzeRow> = fc.record({
  symbol: fc.stringMatching(/^[A-Z]{1,3}$/),
  eventTimeUs: fc.integer({ min: 0, max: 8_993_807_999_999_999 }),
  price: positive,
  size: fc.option(fc.oneof(positive, fc.constant(0))),
  side: fc.option(fc.constantFrom('buy' as const, 'sell' as const)),
  tradeId: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })),
  source: fc.constantFrom('unknown', 'nasdaq', '"quoted" ümläut'),
  originPartition: fc.integer({ min: 0, max: 3 }),
  originOffset: fc.nat(),
  originIndex: fc.nat({ max: 9_999 }),
  recordTimeUs: fc.integer({ min: 0, max: 8_993_807_999_999_999 }),
});

it('gives every value back exactly', () => {
  fc.assert(
    fc.property(fc.array(bronzeRow, { minLength: 1, maxLength: 30 }), (rows) => {
      const values = encodeBronzeTicks(bronzeTicksOf(rows), new Map<number, Coordinate>());
      expect(decodedRows(values)).toEqual(rows);
    }),
  );
});

it('is readable in any Kafka tool', () => {
  const ticks = bronzeTicksOf([
    { symbol: 'AAPL', size: 3, originPartition: 1, originOffset: 7 },
    { symbol: 'MSFT', tradeId: 't1', originPartition: 1, originOffset: 8 },
  ]);
  const [value] = encodeBronzeTicks(ticks, new Map([[1, { offset: 5, index: 2 }]]));
  expect(value).toBe(
    '{"v":1,"n":2,"prev":{"1":[5,2]},"symbols":["AAPL","MSFT"],"s":[0,1],"t":[1700000000000000,1700000000000000],' +
      '"p":[101.5,101.5],"q":[3,null],"id":[null,"t1"],"sources":["unknown"],"op":[1,1],"oo":[7,8],' +
      '"r":[1700000000000000,1700000000000000]}',
  );
});

it('has a marker, which follows nothing', () => {
  expect(encodeMarker(1_700_000_000_000_000)).toBe('{"v":1,"marker":1700000000000000}');
  expect(decode(encodeMarker(5))).toEqual({ message: { kind: 'marker', markerUs: 5 }, prev: new Map() });
});

describe('the chain of predecessors', () => {
  const at = (originPartition: number, originOffset: number, originIndex = 0): Partial<BronzeRow> => ({
    originPartition,
    originOffset,
    originIndex,
  });

  it('names per partition the last row sent before, over messages and calls', () => {
    const last = new Map<number, Coordinate>();
    const first = encodeBronzeTicks(bronzeTicksOf([at(0, 3), at(1, 9, 1), at(0, 4, 2)]), last);
    const second = encodeBronzeTicks(bronzeTicksOf([at(2, 1), at(0, 4, 3)]), last);
    const third = encodeBronzeTicks(bronzeTicksOf([at(0, 6), at(1, 10)]), last);
    expect([first, second, third].map(([value]) => decode(value!).prev)).toEqual([
      new Map([
        [0, null],
        [1, null],
      ]),
      new Map<number, Coordinate | null>([
        [0, { offset: 4, index: 2 }],
        [2, null],
      ]),
      new Map([
        [0, { offset: 4, index: 3 }],
        [1, { offset: 9, index: 1 }],
      ]),
    ]);
    expect(last).toEqual(
      new Map([
        [0, { offset: 6, index: 0 }],
        [1, { offset: 10, index: 0 }],
        [2, { offset: 1, index: 0 }],
      ]),
    );
  });

  it('goes on from one message of a long batch to the next', () => {
    const rows = Array.from({ length: 2 * MAX_MESSAGE_ROWS + 1 }, (_, i) => at(i % 2, i));
    const values = encodeBronzeTicks(bronzeTicksOf(rows), new Map<number, Coordinate>());
    expect(values.map((value) => decode(value).prev)).toEqual([
      new Map([
        [0, null],
        [1, null],
      ]),
      new Map([
        [0, { offset: 3998, index: 0 }],
        [1, { offset: 3999, index: 0 }],
      ]),
      new Map([[0, { offset: 7998, index: 0 }]]),
    ]);
    expect(decodedRows(values).map((row) => row.originOffset)).toEqual(rows.map((row) => row.originOffset));
  });
});

describe('cutting', () => {
  it('keeps every message within the bound on bytes, whatever the texts', () => {
    const rows = Array.from({ length: 5_000 }, (_, i) => ({
      symbol: `S${i}`,
      tradeId: '\u0001'.repeat(100) + String(i),
      originOffset: i,
    }));
    const values = encodeBronzeTicks(bronzeTicksOf(rows), new Map<number, Coordinate>());
    expect(values.every((value) => bytes(value).length <= MAX_MESSAGE_JSON_BYTES)).toBe(true);
    expect(values.length).toBeGreaterThan(4);
    expect(decodedRows(values).map((row) => [row.symbol, row.tradeId])).toEqual(
      rows.map((row) => [row.symbol, row.tradeId]),
    );
  });

  it('gives each message only the symbols in it', () => {
    const rows = Array.from({ length: MAX_MESSAGE_ROWS + 2 }, (_, i) => ({
      symbol: i < MAX_MESSAGE_ROWS ? 'AAPL' : 'MSFT',
      originOffset: i,
    }));
    const [, second] = encodeBronzeTicks(bronzeTicksOf(rows), new Map<number, Coordinate>());
    expect(JSON.parse(second!)).toMatchObject({ n: 2, symbols: ['MSFT'], s: [0, 0] });
  });

  it('makes no message of no rows', () => {
    expect(encodeBronzeTicks(bronzeTicksOf([]), new Map<number, Coordinate>())).toEqual([]);
  });
});

describe('a message that cannot be ours', () => {
  const good = JSON.parse(
    encodeBronzeTicks(
      bronzeTicksOf([
        { tradeId: 'a', side: 'buy', size: 1 },
        { symbol: 'MSFT', originOffset: 1 },
      ]),
      new Map(),
    )[0]!,
  ) as Record<string, unknown>;
  const reading = (change: Record<string, unknown>) => (): unknown =>
    decode(JSON.stringify({ ...good, ...change }));

  it('is refused when its version is unknown, with both versions named', () => {
    expect(reading({ v: 2 })).toThrow(UnknownVersionError);
    expect(reading({ v: 2 })).toThrow(/version 2.*reads version 1/);
    expect(reading({ v: '1' })).toThrow(UnknownVersionError);
  });

  it.each<[name: string, change: Record<string, unknown>, says: RegExp]>([
    ['no version', { v: undefined }, /version/],
    ['a column of another length', { p: [1] }, /p: expected 2 values.*an array of 1/],
    ['a column that is missing', { t: undefined }, /t: expected an array of integers, found nothing/],
    ['a column that is no array', { oo: 5 }, /oo: .*found 5/],
    ['an index outside the dictionary', { s: [0, 2] }, /s: expected indexes below 2, found 2/],
    ['a negative index', { s: [0, -1] }, /s\[1\]: .*found -1/],
    ['an index outside the sources', { src: [0, 1] }, /src: expected indexes below 1, found 1/],
    ['a symbol that is no text', { symbols: ['AAPL', 5] }, /symbols\[1\]/],
    ['a price that is null', { p: [1, null] }, /p\[1\]: expected numbers, found null/],
    ['a time with a fraction', { t: [1.5, 2] }, /t\[0\]: .*found 1.5/],
    ['an unknown side', { side: ['buy', 'both'] }, /side\[1\]: expected buy, sell or null, found "both"/],
    ['a trade id that is a number', { id: [null, 5] }, /id\[1\]/],
    ['no row count', { n: undefined }, /n: expected the number of rows/],
    ['another row count', { n: 3 }, /expected 3 values/],
    ['a huge row count', { n: 2 ** 40 }, /expected 1099511627776 values/],
    ['no predecessors', { prev: undefined }, /prev/],
    ['a partition without a predecessor', { prev: { 1: null } }, /partition 0, which has rows, found "1"/],
    ['a predecessor that is no coordinate', { prev: { 0: [1] } }, /prev\.0: .*an array of 1/],
    ['a partition that is no number', { prev: { x: null } }, /prev: expected partitions, found "x"/],
    ['a marker without a time', { marker: 'now' }, /marker: .*"now"/],
  ])('is refused for %s', (_name, change, says) => {
    expect(reading(change)).toThrow(MalformedMessageError);
    expect(reading(change)).toThrow(says);
  });

  it.each(['', 'x', '[]', 'null', '5', '['.repeat(10_000) + ']'.repeat(10_000)])(
    'is refused as %.20p',
    (value) => {
      expect(() => decode(value)).toThrow(MalformedMessageError);
    },
  );

  it('is refused as a tombstone, and never worth another try', () => {
    expect(() => decodeBronzeMessage(null)).toThrow(
      expect.objectContaining({ name: 'MalformedMessageError', retriable: false }) as Error,
    );
  });

  it('is refused without a crash where it is nested deep', () => {
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    expect(() => decode(`{"v":${deep}}`)).toThrow(UnknownVersionError);
    expect(() => decode(`{"v":1,"n":1,"prev":{"0":${deep}}}`)).toThrow(MalformedMessageError);
  });
});
