import fc from 'fast-check';

import { decodeEvents } from './decode-events.js';
import type { RawRecord } from './decode-events.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const field = fc.oneof(
  fc.constantFrom<unknown>(
    'AAPL',
    'MSFT',
    101.5,
    '101.5',
    1700000000,
    'buy',
    null,
    '',
    -1,
    Infinity,
    '__proto__',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);
const candidate = fc.record(
  {
    ticker: fc.oneof({ weight: 3, arbitrary: fc.constantFrom<unknown>('AAPL', 'MSFT') }, field),
    price: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(1.5) }, field),
    timestamp: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>(1700000000) }, field),
    size: field,
    side: field,
    id: field,
    source: field,
  },
  { requiredKeys: ['ticker', 'price', 'timestamp'] },
);
const message = fc.oneof(
  candidate.map((value) => JSON.stringify(value)),
  fc.array(fc.oneof(candidate, fc.jsonValue()), { maxLength: 6 }).map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string({ unit: 'binary' }),
);
const value = fc.option(fc.oneof(message.map(bytes), fc.uint8Array({ maxLength: 40 })));
const records: fc.Arbitrary<RawRecord[]> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 2 }), value, fc.option(fc.uint8Array({ maxLength: 4 }))), {
    maxLength: 20,
  })
  .map((all) =>
    all.map(([partition, bytes, key], offset) => ({ partition, offset, timeMs: offset, key, value: bytes })),
  );

it('gives every record at least one row, and every row one verdict', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 1, max: 5 }), (given, lanes) => {
      const output = decodeEvents(given, lanes);
      let accepted = 0;
      let invalid = 0;
      for (const [partition, batch] of output.events) {
        const counts = output.verdicts.get(partition)!;
        expect((counts.get('accepted') ?? 0) + (counts.get('invalid') ?? 0)).toBe(batch.rows);
        accepted += counts.get('accepted') ?? 0;
        invalid += counts.get('invalid') ?? 0;
        const offsets = new Set<unknown>(batch.columns[0]?.values);
        expect(offsets).toEqual(new Set(given.filter((r) => r.partition === partition).map((r) => r.offset)));
      }
      expect(output.refusals).toHaveLength(invalid);
      expect([...output.lanes.values()].reduce((sum, ticks) => sum + ticks.n, 0)).toBe(accepted);
    }),
    { numRuns: 500 },
  );
});

it('decides alike however the records are cut into batches', () => {
  fc.assert(
    fc.property(records, fc.integer({ min: 0, max: 20 }), (given, cut) => {
      const whole = decodeEvents(given, 3);
      const parts = [decodeEvents(given.slice(0, cut), 3), decodeEvents(given.slice(cut), 3)];
      expect(parts.flatMap((part) => part.refusals)).toEqual(whole.refusals);
      for (const lane of [0, 1, 2]) {
        const offsets = parts.flatMap((part) => Array.from(part.lanes.get(lane)?.originOffset ?? []));
        expect(offsets).toEqual(whole.lanes.get(lane)?.originOffset ?? []);
      }
    }),
  );
});
