import type { BronzeTicks, SilverMessage } from '@engine/medallion';

import type { Coordinate } from './coordinate.js';
import { GapError, MalformedMessageError } from './errors.js';
import { bronzeTicksOf, silverTicksOf } from './testing.js';
import { rowsAbove, rowsUpTo, trimBronze, trimSilver } from './trim.js';

const at = (offset: number, index = 0): Coordinate => ({ offset, index });

describe('trimBronze', () => {
  const rows = (
    ...coordinates: (readonly [partition: number, offset: number, index?: number])[]
  ): BronzeTicks =>
    bronzeTicksOf(
      coordinates.map(([originPartition, originOffset, originIndex = 0]) => ({
        originPartition,
        originOffset,
        originIndex,
        symbol: `P${originPartition}`,
        tradeId: `${originPartition}:${originOffset}.${originIndex}`,
      })),
    );

  it('returns the ticks themselves when all are new, and moves the mark', () => {
    const highWater = new Map([[0, at(1)]]);
    const ticks = rows([0, 2], [1, 0], [0, 3, 4]);
    expect(
      trimBronze(
        ticks,
        new Map([
          [0, at(1)],
          [1, null],
        ]),
        highWater,
      ),
    ).toBe(ticks);
    expect(highWater).toEqual(
      new Map([
        [0, at(3, 4)],
        [1, at(0)],
      ]),
    );
  });

  it('drops what is not above the mark of its own partition', () => {
    const highWater = new Map([
      [0, at(5, 1)],
      [1, at(2)],
    ]);
    const ticks = rows([0, 5, 0], [1, 2], [0, 5, 1], [1, 3], [0, 5, 2], [0, 6]);
    const trimmed = trimBronze(
      ticks,
      new Map([
        [0, at(4)],
        [1, at(1)],
      ]),
      highWater,
    );
    expect(trimmed.tradeId).toEqual(['1:3.0', '0:5.2', '0:6.0']);
    expect(Array.from(trimmed.symbol, (symbol) => trimmed.symbols[symbol])).toEqual(['P1', 'P0', 'P0']);
    expect(trimmed.n).toBe(3);
    expect(highWater).toEqual(
      new Map([
        [0, at(6)],
        [1, at(3)],
      ]),
    );
  });

  it('drops a whole message that came twice', () => {
    const highWater = new Map<number, Coordinate>();
    const prev = new Map([[0, null]]);
    trimBronze(rows([0, 0], [0, 1]), prev, highWater);
    expect(trimBronze(rows([0, 0], [0, 1]), prev, highWater).n).toBe(0);
    expect(highWater).toEqual(new Map([[0, at(1)]]));
  });

  it('stops at a gap, naming the partition, the row wanted and the last one seen, and changes nothing', () => {
    const highWater = new Map([
      [0, at(7)],
      [3, at(4, 1)],
    ]);
    const trimming = (): unknown =>
      trimBronze(
        rows([0, 8], [3, 6]),
        new Map([
          [0, at(7)],
          [3, at(5, 2)],
        ]),
        highWater,
      );
    expect(trimming).toThrow(GapError);
    expect(trimming).toThrow(/partition 3 of stock-ticks.*row 5\.2.*4\.1/);
    expect(trimming).toThrow(
      expect.objectContaining({
        partition: 3,
        wanted: at(5, 2),
        highWater: at(4, 1),
        retriable: false,
      }) as Error,
    );
    expect(highWater).toEqual(
      new Map([
        [0, at(7)],
        [3, at(4, 1)],
      ]),
    );
  });

  it('stops at a gap where nothing was seen yet', () => {
    expect(() => trimBronze(rows([0, 8]), new Map([[0, at(7)]]), new Map())).toThrow(/row 7\.0.*none/);
  });

  it('takes the first row of a partition in this lane, wherever it stands', () => {
    expect(trimBronze(rows([0, 900]), new Map([[0, null]]), new Map()).n).toBe(1);
  });

  it('does not take rows out of order for rows seen before', () => {
    expect(() => trimBronze(rows([0, 2], [0, 1]), new Map([[0, null]]), new Map())).toThrow(
      MalformedMessageError,
    );
  });
});

describe('trimSilver', () => {
  const ticks = (...offsets: number[]): SilverMessage => ({
    kind: 'ticks',
    ticks: silverTicksOf(offsets.map((laneOffset) => ({ laneOffset, sma: laneOffset }))),
  });
  const marker = (laneOffset: number): SilverMessage => ({
    kind: 'marker',
    markerUs: 1,
    laneOffset,
    laneIndex: 0,
  });

  it('returns the message itself when all of it is new', () => {
    const message = ticks(3, 4);
    const trimmed = trimSilver(message, at(2), at(2));
    expect(trimmed.message).toBe(message);
    expect(trimmed.highWater).toEqual(at(4));
  });

  it('drops the rows seen before, every column alike', () => {
    const { message, highWater } = trimSilver(ticks(1, 2, 3), at(0), at(2));
    expect(message).toEqual(ticks(3));
    expect(highWater).toEqual(at(3));
  });

  it('has nothing left of a message that came twice', () => {
    expect(trimSilver(ticks(1, 2), at(0), at(2))).toEqual({ message: null, highWater: at(2) });
    expect(trimSilver(marker(2), at(1), at(2))).toEqual({ message: null, highWater: at(2) });
  });

  it('takes a marker for a row of the chain', () => {
    expect(trimSilver(marker(3), at(2), at(2))).toEqual({ message: marker(3), highWater: at(3) });
    expect(() => trimSilver(ticks(4), at(3), at(2))).toThrow(GapError);
  });

  it('stops at a gap', () => {
    const trimming = (): unknown => trimSilver(ticks(9), at(8), at(6, 1));
    expect(trimming).toThrow(
      expect.objectContaining({ partition: null, wanted: at(8), highWater: at(6, 1) }) as Error,
    );
    expect(() => trimSilver(ticks(9), at(8), null)).toThrow(GapError);
    expect(trimSilver(ticks(9), null, null).highWater).toEqual(at(9));
  });

  it('takes all rows as above no mark', () => {
    const message = ticks(0);
    expect(rowsAbove(message, null)).toBe(message);
  });

  it('has each row either above a mark or not', () => {
    const message: SilverMessage = { kind: 'ticks', ticks: silverTicksOf([0, 1, 2, 3].map((laneOffset) => ({ laneOffset, symbol: `S${laneOffset}` }))) }; // prettier-ignore
    const offsets = (part: SilverMessage | null): readonly number[] =>
      part?.kind === 'ticks' ? part.ticks.laneOffset : [];
    for (let mark = -1; mark <= 4; mark++) {
      const upTo = offsets(rowsUpTo(message, at(mark)));
      expect(upTo.every((offset) => offset <= mark)).toBe(true);
      expect([...upTo, ...offsets(rowsAbove(message, at(mark)))]).toEqual([0, 1, 2, 3]);
    }
    expect(rowsUpTo(message, at(3))).toBe(message);
    const marker: SilverMessage = { kind: 'marker', markerUs: 1, laneOffset: 5, laneIndex: 0 };
    expect([rowsUpTo(marker, at(5)), rowsUpTo(marker, at(4, 9))]).toEqual([marker, null]);
  });
});
