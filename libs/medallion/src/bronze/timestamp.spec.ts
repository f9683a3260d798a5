import fc from 'fast-check';

import { isTimestamp } from './predicates.js';
import { parseTimestamp } from './timestamp.js';

const END_US = Date.UTC(2255, 0, 1) * 1000;

const accepted: readonly (readonly [given: unknown, us: number])[] = [
  [1700000000, 1_700_000_000_000_000],
  [1700000000123, 1_700_000_000_123_000],
  [1700000000123456, 1_700_000_000_123_456],
  ['1700000000', 1_700_000_000_000_000],
  ['1700000000123', 1_700_000_000_123_000],
  ['1700000000123456', 1_700_000_000_123_456],
  ['1700000000123456789', 1_700_000_000_123_456],
  ['1700000000123456999', 1_700_000_000_123_456],
  ['0000000000', 0],
  ['0000000000000000000', 0],
  [1700000000.25, 1_700_000_000_250_000],
  [1700000000.123456, 1_700_000_000_123_456],
  [1717171717.999999, 1_717_171_717_999_999],
  [0.5, 500_000],
  [0.0000004, 0],
  [0.0000006, 1],
  ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59) * 1000],
  ['2024-03-01T09:30Z', Date.UTC(2024, 2, 1, 9, 30) * 1000],
  ['2024-03-01T09:30:00.5Z', Date.UTC(2024, 2, 1, 9, 30) * 1000 + 500_000],
  ['2024-03-01T09:30:00,5Z', Date.UTC(2024, 2, 1, 9, 30) * 1000 + 500_000],
  ['2024-03-01T09:30:00.123456789Z', Date.UTC(2024, 2, 1, 9, 30) * 1000 + 123_456],
  ['2024-03-01T09:30:00.000000999Z', Date.UTC(2024, 2, 1, 9, 30) * 1000],
  ['2024-03-01T09:30:00+01:00', Date.UTC(2024, 2, 1, 8, 30) * 1000],
  ['2024-03-01T09:30:00-0530', Date.UTC(2024, 2, 1, 15, 0) * 1000],
  ['2024-03-01T09:30:00-05', Date.UTC(2024, 2, 1, 14, 30) * 1000],
  ['1970-01-01T00:00:00Z', 0],
  ['1969-12-31T23:00:00-01:00', 0],
  ['2254-12-31T23:59:59.999999999Z', END_US - 1],
];

const refused: readonly unknown[] = [
  0,
  1,
  -1700000000,
  170000000,
  17000000000,
  9999999999,
  9999999999999,
  Number('9999999999999999'),
  Number('1700000000123456789'),
  -0.5,
  1700000000123.5,
  8993808000.5,
  NaN,
  Infinity,
  '',
  '170000000',
  '17000000001',
  '1700000000.5',
  '-1700000000',
  ' 1700000000',
  '9999999999',
  '9999999999999999999',
  '2024-03-01',
  '2024-03-01T09:30:00',
  '2024-03-01 09:30:00Z',
  '20240301T093000Z',
  '2023-02-29T00:00:00Z',
  '2024-13-01T00:00:00Z',
  '2024-00-10T00:00:00Z',
  '2024-01-00T00:00:00Z',
  '2024-01-32T00:00:00Z',
  '2024-01-01T24:00:00Z',
  '2024-01-01T00:60:00Z',
  '2024-01-01T23:59:60Z',
  '2024-01-01T00:00:00+24:00',
  '2024-01-01T00:00:00+01:60',
  '2024-01-01T00:00:00.1234567890Z',
  '2024-01-01T00:00:00.Z',
  '2024-01-01T00:00:00Z\n',
  '0070-01-01T00:00:00Z',
  '1969-12-31T23:59:59.999999999Z',
  '1970-01-01T00:00:00+00:01',
  '2255-01-01T00:00:00Z',
  '2254-12-31T23:59:59-00:01',
  'yesterday',
  true,
  [1700000000],
  {},
];

it.each(accepted)('takes %p for %p µs', (given, us) => {
  expect(parseTimestamp(given)).toBe(us);
  expect(isTimestamp(given)).toBe(true);
});

it.each(refused.map((given) => [given]))('refuses %p', (given) => {
  expect(parseTimestamp(given)).toBeUndefined();
  expect(isTimestamp(given)).toBe(false);
});

it('gives the same instant for every way to write it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1e15, max: END_US - 1 }), fc.integer({ min: 0, max: 999 }), (us, ns) => {
      const text = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1);
      const micros = String(us % 1000).padStart(3, '0');
      const nanos = String(ns).padStart(3, '0');
      for (const written of [
        us,
        String(us),
        `${us}${nanos}`,
        `${text}${micros}${nanos}Z`,
        `${text}${micros}+00:00`,
      ])
        expect(parseTimestamp(written)).toBe(us);
    }),
  );
});

it('reads an offset from UTC as what has to be taken away', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1e9, max: 5e9 }),
      fc.integer({ min: -1439, max: 1439 }),
      (seconds, minutes) => {
        const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19);
        const two = (n: number): string => String(n).padStart(2, '0');
        const zone = `${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
        expect(parseTimestamp(`${local}${minutes < 0 ? '-' : '+'}${zone}`)).toBe(seconds * 1_000_000);
      },
    ),
  );
});

it('agrees with Date on which days there are', () => {
  const twoDigits = fc.integer({ min: 0, max: 40 }).map((n) => String(n).padStart(2, '0'));
  fc.assert(
    fc.property(fc.integer({ min: 1970, max: 2254 }), twoDigits, twoDigits, (year, month, day) => {
      const text = `${year}-${month}-${day}T00:00:00.000Z`;
      const date = new Date(text);
      // Date takes February 30 for March 1; only what it writes the same way again is a day.
      const exists = !Number.isNaN(date.getTime()) && date.toISOString() === text;
      expect(parseTimestamp(text)).toBe(exists ? date.getTime() * 1000 : undefined);
    }),
    { numRuns: 500 },
  );
});
