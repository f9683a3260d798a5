import type { LaneRecord, SilverMessage, SilverTicks } from '@engine/medallion';

import { goldPast } from './gold-past.js';
import { StoredMarks } from './stored-marks.js';

/** Rows of silver's lane in one message: gold may get a record's rows in several. */
function message(...rows: readonly (readonly [offset: number, index: number])[]): SilverMessage {
  const all = <T>(value: T): T[] => rows.map(() => value);
  const ticks: SilverTicks = {
    n: rows.length,
    symbols: ['A'],
    symbol: all(0),
    eventTimeUs: rows.map(([offset, index]) => offset * 100 + index),
    price: all(1),
    size: all(null),
    inOrder: all(true),
    sma: all(1),
    volatility: all(null),
    logReturn: all(null),
    laneOffset: rows.map(([offset]) => offset),
    laneIndex: rows.map(([, index]) => index),
    recordTimeUs: all(0),
  };
  return { kind: 'ticks', ticks };
}

const record = (offset: number, of: SilverMessage): LaneRecord<SilverMessage> => ({ offset, message: of });
const marker = (laneOffset: number): SilverMessage => ({
  kind: 'marker',
  markerUs: 1,
  laneOffset,
  laneIndex: 0,
});

/** `5.0` by part, and by message in it. */
const rowsOf = (records: readonly LaneRecord<SilverMessage>[]): string[][] =>
  records.map(({ message: of }) =>
    of.kind === 'marker'
      ? [`marker ${of.laneOffset}`]
      : of.ticks.eventTimeUs.map((_, row) => `${of.ticks.laneOffset[row]}.${of.ticks.laneIndex[row]}`),
  );

const at = (offset: number, index: number): { offset: number; index: number } => ({ offset, index });

describe('StoredMarks', () => {
  it('cuts gold’s messages at rows of silver, inside a record too', () => {
    const marks = new StoredMarks([at(5, 1), null, at(6, 0)], goldPast('silver-ticks'));
    const parts = marks.parts([
      record(10, message([4, 0], [5, 0], [5, 1], [5, 2])),
      record(11, marker(6)),
      record(12, message([7, 0])),
    ]);
    expect(parts.map(({ upTo, records }) => [upTo, rowsOf(records)])).toEqual([
      [at(5, 1), [['4.0', '5.0', '5.1']]],
      [at(6, 0), [['5.2'], ['marker 6']]],
      [null, [['7.0']]],
    ]);
  });

  it('keeps cutting until a row above the last mark came, and then no more', () => {
    const marks = new StoredMarks([at(5, 1)], goldPast('silver-ticks'));
    const upTo = (of: SilverMessage): unknown[] => marks.parts([record(0, of)]).map((part) => part.upTo);
    expect(upTo(message([5, 0]))).toEqual([at(5, 1)]);
    expect(upTo(message([5, 1]))).toEqual([at(5, 1)]);
    expect(upTo(message([5, 2]))).toEqual([null]);
    const whole = record(3, message([6, 0]));
    expect(marks.parts([whole])[0]?.records[0]).toBe(whole);
  });

  it('has nothing to cut where nothing is stored, and no parts of no records', () => {
    const marks = new StoredMarks<SilverMessage>([null, null], goldPast('silver-ticks'));
    expect(marks.parts([])).toEqual([]);
    expect(marks.parts([record(0, message([0, 0]))])).toHaveLength(1);
  });
});
