import type { SilverMessage } from '@engine/medallion';
import fc from 'fast-check';

import type { Coordinate } from '../coordinate.js';
import { MalformedMessageError } from '../errors.js';
import { silverRowsOf, silverTicksOf } from '../testing.js';
import type { SilverRow } from '../testing.js';
import { MAX_MESSAGE_ROWS } from './cut.js';
import { decodeSilverMessage, encodeSilverMessages, lastCoordinate } from './silver-ticks.js';
import type { DecodedSilverMessage } from './silver-ticks.js';

const decode = (value: string): DecodedSilverMessage => decodeSilverMessage(new TextEncoder().encode(value));
const ticks = (rows: readonly Partial<SilverRow>[]): SilverMessage => ({
  kind: 'ticks',
  ticks: silverTicksOf(rows),
});
const marker = (laneOffset: number, markerUs = 5): SilverMessage => ({
  kind: 'marker',
  markerUs,
  laneOffset,
  laneIndex: 0,
});
const rowsOf = (message: SilverMessage): unknown[] =>
  message.kind === 'ticks' ? silverRowsOf(message.ticks) : [message];

const double = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const silverRow = fc.record({
  symbol: fc.stringMatching(/^[A-Z]{1,3}$/),
  eventTimeUs: fc.integer({ min: 0, max: 8_993_807_999_999_999 }),
  price: double,
  size: fc.option(double),
  inOrder: fc.boolean(),
  sma: fc.option(double),
  volatility: fc.option(double),
  logReturn: fc.option(double),
  laneIndex: fc.nat({ max: 3_999 }),
  recordTimeUs: fc.integer({ min: 0, max: 8_993_807_999_999_999 }),
});
const inLaneOrder = fc
  .array(silverRow, { minLength: 1, maxLength: 20 })
  .map((rows) => rows.map((row, laneOffset): SilverRow => ({ ...row, laneOffset })));

it('gives every value back exactly', () => {
  fc.assert(
    fc.property(inLaneOrder, (rows) => {
      const { values } = encodeSilverMessages([ticks(rows)], null);
      expect(values.flatMap((value) => rowsOf(decode(value).message))).toEqual(rows);
    }),
  );
});

it('is readable in any Kafka tool', () => {
  const rows = [
    { laneOffset: 4, laneIndex: 0, sma: 101.5 },
    { laneOffset: 4, laneIndex: 1, inOrder: false },
  ];
  expect(encodeSilverMessages([ticks(rows), marker(5)], { offset: 3, index: 7 }).values).toEqual([
    '{"v":1,"n":2,"prev":[3,7],"symbols":["AAPL"],"s":[0,0],"t":[1700000000000000,1700000000000000],"p":[101.5,101.5],' +
      '"ord":[true,false],"sma":[101.5,null],"o":[4,4],"i":[0,1],"r":[1700000000000000,1700000000000000]}',
    '{"v":1,"prev":[4,1],"marker":5,"o":5,"i":0}',
  ]);
});

it('chains ticks and markers, over messages and calls', () => {
  const first = encodeSilverMessages(
    [marker(0), ticks([{ laneOffset: 1 }, { laneOffset: 1, laneIndex: 2 }])],
    null,
  );
  const second = encodeSilverMessages([marker(2), ticks([{ laneOffset: 3 }])], first.last);
  expect([...first.values, ...second.values].map((value) => decode(value).prev)).toEqual<
    (Coordinate | null)[]
  >([null, { offset: 0, index: 0 }, { offset: 1, index: 2 }, { offset: 2, index: 0 }]);
  expect(second.last).toEqual({ offset: 3, index: 0 });
  expect(encodeSilverMessages([], second.last)).toEqual({ values: [], last: second.last });
});

it('cuts a long batch, each part following the one before', () => {
  const rows = Array.from({ length: MAX_MESSAGE_ROWS + 5 }, (_, laneIndex) => ({ laneOffset: 9, laneIndex }));
  const { values, last } = encodeSilverMessages([ticks(rows)], null);
  const decoded = values.map(decode);
  expect(decoded.map(({ prev }) => prev)).toEqual([null, { offset: 9, index: MAX_MESSAGE_ROWS - 1 }]);
  expect(decoded.map(({ message }) => rowsOf(message).length)).toEqual([MAX_MESSAGE_ROWS, 5]);
  expect(last).toEqual({ offset: 9, index: MAX_MESSAGE_ROWS + 4 });
});

it('tells where a message ends', () => {
  expect(lastCoordinate(marker(8))).toEqual({ offset: 8, index: 0 });
  expect(lastCoordinate(ticks([{ laneOffset: 1 }, { laneOffset: 2, laneIndex: 3 }]))).toEqual({
    offset: 2,
    index: 3,
  });
  expect(lastCoordinate(ticks([]))).toBeNull();
});

describe('a message that cannot be ours', () => {
  const good = JSON.parse(
    encodeSilverMessages([ticks([{ laneOffset: 4 }, { laneOffset: 5 }])], null).values[0]!,
  ) as object;
  it.each<[name: string, change: Record<string, unknown>, says: RegExp]>([
    ['rows out of order', { o: [5, 4] }, /o\[1\]: expected rows in lane order, found "4\.0"/],
    ['a row twice', { o: [4, 4] }, /found "4\.0"/],
    ['a feature of another length', { sma: [1] }, /sma: expected 2 values/],
    ['a flag that is no boolean', { ord: [1, 0] }, /ord\[0\]/],
    ['no predecessor', { prev: undefined }, /prev/],
    ['a marker without a coordinate', { marker: 5, o: null }, /o: expected an integer, found null/],
  ])('is refused for %s', (_name, change, says) => {
    const reading = (): unknown => decode(JSON.stringify({ ...good, ...change }));
    expect(reading).toThrow(MalformedMessageError);
    expect(reading).toThrow(says);
  });
});
