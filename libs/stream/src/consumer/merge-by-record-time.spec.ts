import fc from 'fast-check';
import type { LogRecord } from '../index.js';
import { mergeByRecordTime } from './merge-by-record-time.js';
import type { FetchedLane } from './merge-by-record-time.js';

const plenty = { maxRecords: 1_000, maxBytes: 1_000_000 };

function lane(partition: number, times: readonly number[], hasBacklog = false): FetchedLane {
  const records = times.map((timeMs, offset) => record(partition, offset, timeMs));
  return { records, hasBacklog };
}

function record(partition: number, offset: number, timeMs: number): LogRecord {
  return { partition, offset, timeMs, key: null, value: Buffer.from('12345'), headers: {} };
}

const placesOf = (records: readonly LogRecord[]): string[] =>
  records.map(({ timeMs, partition, offset }) => `${timeMs} ${partition}/${offset}`);

describe('mergeByRecordTime', () => {
  it('orders by time, then by partition, then by offset', () => {
    const merged = mergeByRecordTime([lane(0, [2, 2, 5]), lane(1, [1, 2, 3])], plenty);
    expect(placesOf(merged)).toEqual(['1 1/0', '2 0/0', '2 0/1', '2 1/1', '3 1/2', '5 0/2']);
  });

  it('does not pass the last fetched record of a partition with a backlog', () => {
    const merged = mergeByRecordTime([lane(0, [1, 3], true), lane(1, [2, 4, 6])], plenty);
    expect(placesOf(merged)).toEqual(['1 0/0', '2 1/0', '3 0/1']);
  });

  it('lets a lower partition go first at the very time at which a backlog begins', () => {
    const merged = mergeByRecordTime([lane(0, [3, 3]), lane(1, [3], true), lane(2, [3])], plenty);
    expect(placesOf(merged)).toEqual(['3 0/0', '3 0/1', '3 1/0']);
  });

  it('does not wait for a partition that is at its end', () => {
    expect(placesOf(mergeByRecordTime([lane(0, []), lane(1, [1, 9])], plenty))).toEqual(['1 1/0', '9 1/1']);
  });

  it('gives nothing while a backlog has not been fetched at all', () => {
    expect(mergeByRecordTime([lane(0, [], true), lane(1, [1])], plenty)).toEqual([]);
  });

  it('keeps the order of a partition whose times go back', () => {
    const merged = mergeByRecordTime([lane(0, [5, 1, 6]), lane(1, [5, 7])], plenty);
    expect(placesOf(merged)).toEqual(['5 0/0', '1 0/1', '5 1/0', '6 0/2', '7 1/1']);
  });

  it('stops at the limits, and gives one record whatever they are', () => {
    const lanes = [lane(0, [1, 3]), lane(1, [2, 4])];
    expect(mergeByRecordTime(lanes, { ...plenty, maxRecords: 3 })).toHaveLength(3);
    expect(mergeByRecordTime(lanes, { ...plenty, maxBytes: 14 })).toHaveLength(2);
    expect(mergeByRecordTime(lanes, { ...plenty, maxBytes: 1 })).toHaveLength(1);
    expect(mergeByRecordTime([], plenty)).toEqual([]);
  });

  const times = fc.array(fc.nat(20), { maxLength: 12 }).map((steps) => steps.sort((a, b) => a - b));

  it('gives all records sorted, however few of each partition are fetched at a time', () => {
    fc.assert(
      fc.property(
        fc.array(times, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (partitions, fetchSize, maxRecords) => {
          const whole = partitions.map((own, partition) => lane(partition, own).records);
          const taken = whole.map(() => 0);
          const merged: LogRecord[] = [];
          for (;;) {
            const lanes = whole.map((records, i) => ({
              records: records.slice(taken[i], taken[i]! + fetchSize),
              hasBacklog: taken[i]! + fetchSize < records.length,
            }));
            const batch = mergeByRecordTime(lanes, { ...plenty, maxRecords });
            if (batch.length === 0) break;
            for (const { partition } of batch) taken[partition] = taken[partition]! + 1;
            merged.push(...batch);
          }
          const sorted = whole
            .flat()
            .sort((a, b) => a.timeMs - b.timeMs || a.partition - b.partition || a.offset - b.offset);
          expect(placesOf(merged)).toEqual(placesOf(sorted));
        },
      ),
    );
  });
});
