import type { FeedRow } from './feeds/feed.js';
import { sendBatches } from './send-batches.js';

const rows = (...lengths: number[]): FeedRow[] =>
  lengths.map((length, row) => ({ row, key: 'A', value: Buffer.alloc(length), eventTimeUs: null }));
const sizes = (batches: Iterable<readonly FeedRow[]>): number[] => [...batches].map((batch) => batch.length);

describe('sendBatches', () => {
  it('cuts by number of rows', () => {
    expect(sizes(sendBatches(rows(...new Array<number>(9000).fill(10))))).toEqual([4000, 4000, 1000]);
  });

  it('cuts by bytes, a row too large for a send goes alone', () => {
    const kib = 1024;
    expect(sizes(sendBatches(rows(500 * kib, 200 * kib, 100 * kib, 10_000 * kib, 1)))).toEqual([2, 1, 1, 1]);
  });

  it('keeps every row, in order', () => {
    const all = rows(...Array.from({ length: 5000 }, (_, i) => (i * 7919) % 2000));
    expect([...sendBatches(all)].flat()).toEqual(all);
    expect([...sendBatches([])]).toEqual([]);
  });
});
