import { accepted } from './expected.js';
import type { Accepted } from './expected.js';
import { tickText } from './refusals.js';

const T = 1_709_164_800_000_000;

type Vector = readonly [text: string, expected: Accepted];

/** A field's text that is fine, and what it means. */
const field = (name: string, text: string, meaning: Partial<Accepted>): Vector => [
  tickText({ [name]: text }),
  accepted({ symbol: 'VEC', t: T, price: 101.5, ...meaning }),
];

const symbols = [
  'A',
  'aapl',
  'BRK.B',
  '^GSPC',
  'EUR/USD',
  'BTC-USD',
  'X:Y_z=1',
  'constructor',
  'toString',
  'Q'.repeat(32),
];

/** Messages at the edge of what a tick may be. */
export const acceptedTicks: readonly Vector[] = [
  ...symbols.map((symbol) => field('ticker', `"${symbol}"`, { symbol })),
  field('ticker', '" \\tVEC\\n "', {}),
  [tickText({ ticker: undefined, symbol: '"MSFT"' }), accepted({ symbol: 'MSFT', t: T, price: 101.5 })],
  [tickText({ ticker: 'null', symbol: '"MSFT"' }), accepted({ symbol: 'MSFT', t: T, price: 101.5 })],
  [tickText({ symbol: '"MSFT"' }), accepted({ symbol: 'VEC', t: T, price: 101.5 })],
  field('price', '1e15', { price: 1e15 }),
  field('price', '"1e15"', { price: 1e15 }),
  field('price', '"+101.25"', { price: 101.25 }),
  field('price', '"1E-9"', { price: 1e-9 }),
  field('price', '5e-324', { price: 5e-324 }),
  field('price', '"000101.5"', {}),
  field('timestamp', '1709164800123', { t: T + 123_000 }),
  field('timestamp', '1709164800123456', { t: T + 123_456 }),
  field('timestamp', '1709164800.5', { t: T + 500_000 }),
  field('timestamp', '1709164800.123456', { t: T + 123_456 }),
  field('timestamp', '0.5', { t: 500_000 }),
  field('timestamp', '"1709164800"', {}),
  field('timestamp', '"1709164800123"', { t: T + 123_000 }),
  field('timestamp', '"1709164800123456"', { t: T + 123_456 }),
  field('timestamp', '"1709164800123456999"', { t: T + 123_456 }),
  field('timestamp', '"2024-02-29T00:00:00Z"', {}),
  field('timestamp', '"2024-02-29T01:00:00+01:00"', {}),
  field('timestamp', '"2024-02-28T19:00:00.25-05:00"', { t: T + 250_000 }),
  field('timestamp', '"2024-02-29T00:00:00.123456Z"', { t: T + 123_456 }),
  field('size', '0', { size: 0 }),
  field('size', '"0.001500"', { size: 0.0015 }),
  field('volume', '7', { size: 7 }),
  field('quantity', '1e15', { size: 1e15 }),
  field('size', 'null', {}),
  field('side', '"sell"', { side: 'sell' }),
  field('side', 'null', {}),
  field('id', '9007199254740991', { id: '9007199254740991' }),
  field('id', `"${'i'.repeat(128)}"`, { id: 'i'.repeat(128) }),
  field('source', `"${'s'.repeat(64)}"`, { source: 's'.repeat(64) }),
  field('source', '"__proto__"', { source: '__proto__' }),
  field('__proto__', '{"price":-1}', {}),
  field('extra', '{"nested":[1,{"two":"\\u20ac"}]}', {}),
];
