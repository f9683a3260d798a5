import { Random } from '@engine/oracle';
import type { Accepted } from './expected.js';
import { MessyFeed } from './messy-feed.js';

const records = new MessyFeed(new Random(1)).records(5_000);
const elements = records.flatMap(({ expected }) => expected);

it('is the same feed for the same seed', () => {
  const again = new MessyFeed(new Random(1)).records(5_000);
  expect(again.map(({ value }) => value.toString())).toEqual(records.map(({ value }) => value.toString()));
});

it('has one line a record, of the number asked for', () => {
  expect(records).toHaveLength(5_000);
  expect(records.filter(({ value }) => value.includes('\n'))).toEqual([]);
});

it('has every reason of refusal that a line can have', () => {
  const reasons = new Set(elements.flatMap(({ reason }) => reason ?? []));
  expect([...reasons].sort()).toEqual([
    'bad_id',
    'bad_price',
    'bad_side',
    'bad_size',
    'bad_source',
    'bad_ticker',
    'bad_timestamp',
    'empty',
    'missing_price',
    'missing_ticker',
    'missing_timestamp',
    'not_an_object',
    'not_json',
    'too_large',
    'too_many',
  ]);
});

it('says of a single good tick what JSON says of it', () => {
  const singles = records.filter(
    ({ expected: [first, ...more] }) => first?.reason === null && more.length === 0,
  );
  expect(singles.length).toBeGreaterThan(3_000);
  for (const { value, expected } of singles) {
    const [tick] = expected as readonly Accepted[];
    const parsed = JSON.parse(value.toString().replace(/^\[(.*)\]$/, '$1')) as Record<string, unknown>;
    const symbol = (parsed['ticker'] ?? parsed['symbol']) as string;
    expect(tick).toMatchObject({ symbol: symbol.trim(), price: Number(parsed['price']) });
    expect(tick?.t).toBe(microseconds(parsed['timestamp']));
  }
});

/** Another way to the same time, with whole numbers. */
function microseconds(timestamp: unknown): number {
  const text = String(timestamp);
  if (text.includes('T')) return Date.parse(text) * 1_000 + Number(/\.\d{3}(\d{3})/.exec(text)?.[1] ?? 0);
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction !== '') return Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0').slice(0, 6));
  return Number(
    whole.length === 10 ? `${whole}000000` : whole.length === 13 ? `${whole}000` : whole.slice(0, 16),
  );
}
