import { fieldRefusals, parseTick } from '@engine/medallion';
import { validateSync } from 'class-validator';
import fc from 'fast-check';

import { TickDto, tickProblems } from './tick.dto.js';

const valid = { ticker: 'AAPL', price: 101.5, timestamp: 1700000000 };

/** Values on both sides of every edge of the rule, whatever field they are put into. */
const edges: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'AAPL',
  ' AAPL ',
  'A'.repeat(32),
  'A'.repeat(33),
  '^GSPC',
  '.A',
  'ÄÖ',
  0,
  -0,
  1,
  -1,
  0.5,
  1e15,
  1e15 + 1,
  NaN,
  Infinity,
  '0',
  '1e15',
  '1e16',
  '-1',
  ' 1',
  '.5',
  1700000000,
  1700000000123,
  1700000000123456,
  Number('1700000000123456789'),
  '1700000000123456789',
  '9999999999',
  1700000000.25,
  '2024-03-01T09:30:00Z',
  '2024-03-01T09:30:00',
  '2024-02-30T09:30:00Z',
  'buy',
  'sell',
  'BUY',
  9007199254740991,
  9007199254740992,
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(128),
  'x'.repeat(129),
  '\ud800',
  true,
  false,
  [],
  ['AAPL'],
  {},
  { length: 1 },
];
const fields = [
  'ticker',
  'symbol',
  'price',
  'timestamp',
  'size',
  'volume',
  'quantity',
  'side',
  'id',
  'source',
] as const;

/** The hot path's reason, and the first of the DTO's: both are null for a valid tick. */
function bothVerdicts(value: object): { hotPath: string | null; dto: string | null } {
  const parsed = parseTick(value);
  const errors = validateSync(TickDto.from(value));
  const names = errors.map((error) => Object.keys(error.constraints ?? {})[0]!);
  // A required field has one constraint for both of its reasons.
  const missing = (name: string): string => name.replace('bad_', 'missing_');
  const reasons = errors.map((error, nr) =>
    (error.value ?? null) === null ? missing(names[nr]!) : names[nr]!,
  );
  const first = fieldRefusals.find((reason) => reasons.includes(reason)) ?? null;
  return { hotPath: parsed.valid ? null : parsed.reason, dto: first };
}

it.each(fields)('agrees with the hot path on every edge of %s', (field) => {
  for (const edge of edges) {
    const { hotPath, dto } = bothVerdicts({ ...valid, [field]: edge });
    expect({ edge, reason: dto }).toEqual({ edge, reason: hotPath });
  }
});

it('agrees with the hot path on random ticks', () => {
  const value = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...edges) },
    fc.jsonValue({ maxDepth: 2 }),
    fc.double(),
  );
  const optional = Object.fromEntries(fields.map((field) => [field, value]));
  const tick = fc
    .tuple(fc.record(optional, { requiredKeys: [] }), fc.subarray(['ticker', 'price', 'timestamp'] as const))
    .map(([random, good]): object => ({
      ...random,
      ...Object.fromEntries(good.map((field) => [field, valid[field]])),
    }));
  fc.assert(
    fc.property(tick, (given) => {
      const { hotPath, dto } = bothVerdicts(given);
      expect(dto).toBe(hotPath);
    }),
    { numRuns: 3_000 },
  );
});

it('reports every problem, each with the field, the value and the remedy', () => {
  expect(tickProblems({ price: 'abc', side: 'B' })).toEqual([
    expect.stringMatching(/^ticker is missing: send /),
    expect.stringMatching(/^price "abc" is not valid: send a number/),
    expect.stringMatching(/^timestamp is missing: send /),
    expect.stringMatching(/^side "B" is not valid: send "buy" or "sell"/),
  ]);
});

it('uses the words of the hot path', () => {
  const given = { ...valid, volume: -2 };
  const parsed = parseTick(given);
  expect(tickProblems(given)).toEqual([parsed.valid ? '' : parsed.detail]);
});

it('has nothing against a valid tick', () => {
  expect(tickProblems({ ...valid, symbol: 5, volume: '3', id: 7, other: {} })).toEqual([]);
});

it.each([null, undefined, 5, 'AAPL', [valid]])('does not take %p for a tick', (value) => {
  expect(tickProblems(value)).toEqual(['a tick is a JSON object']);
});

it('is harmed neither by __proto__ nor by deep nesting', () => {
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  expect(
    tickProblems(JSON.parse(`{"__proto__":{"ticker":"EVIL"},"price":${deep},"timestamp":1700000000}`)),
  ).toEqual([
    expect.stringMatching(/^ticker is missing/),
    expect.stringMatching(/^price an array is not valid/),
  ]);
});
