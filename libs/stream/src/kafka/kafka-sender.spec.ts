import type { OutgoingRecord } from '../ports.js';
import { requestsOf } from './kafka-sender.js';

const records = (count: number, bytes: number): OutgoingRecord[] =>
  Array.from({ length: count }, (_, i) => ({ partition: i % 3, value: `${i}`.padEnd(bytes) }));

describe('the requests of a send', () => {
  it('hold at most 10,000 records each, all of them once, in order', () => {
    const sent = records(25_000, 10);
    const requests = [...requestsOf(sent)];
    expect(requests.map(({ length }) => length)).toEqual([10_000, 10_000, 5_000]);
    expect(requests.flat()).toEqual(sent);
  });

  it('stay below the size that a topic takes by default', () => {
    const sent = records(50, 100_000);
    const requests = [...requestsOf(sent)];
    for (const request of requests)
      expect(request.reduce((sum, { value }) => sum + value!.length, 0)).toBeLessThan(1_000_000);
    expect(requests.flat()).toEqual(sent);
  });

  it('give a record that is too large a request of its own', () => {
    const large = { partition: 0, value: 'x'.repeat(5_000_000) };
    const [small] = records(1, 10);
    expect([...requestsOf([small!, large, small!])]).toEqual([[small], [large], [small]]);
  });

  it('count keys, headers and bytes beyond ASCII', () => {
    const wide = { partition: 0, key: 'é'.repeat(150_000), value: null, headers: { h: 'x'.repeat(300_000) } };
    expect([...requestsOf([wide, wide])]).toHaveLength(2);
  });

  it('are none for nothing', () => {
    expect([...requestsOf([])]).toEqual([]);
  });
});
