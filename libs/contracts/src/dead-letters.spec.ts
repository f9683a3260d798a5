import { deadLetter, MAX_DEAD_LETTER_BYTES } from './dead-letters.js';
import type { Refused } from './dead-letters.js';

const refused: Refused = {
  layer: 'bronze',
  topic: 'stock-ticks',
  partition: 2,
  offset: 17,
  index: 3,
  reason: 'bad_price',
  detail: 'price -1 is not valid',
  symbol: 'AAPL',
  value: new TextEncoder().encode('{"ticker":"AAPL","price":-1}'),
};

it('carries the original value, keyed by the symbol, and says where it stood and why', () => {
  const { key, value, headers } = deadLetter(refused);
  expect(key).toBe('AAPL');
  expect(value?.toString()).toBe('{"ticker":"AAPL","price":-1}');
  expect(headers).toEqual({
    reason: 'bad_price',
    layer: 'bronze',
    topic: 'stock-ticks',
    partition: '2',
    offset: '17',
    index: '3',
    detail: 'price -1 is not valid',
  });
});

it('cuts a long value and says so', () => {
  const whole = deadLetter({ ...refused, value: new Uint8Array(MAX_DEAD_LETTER_BYTES).fill(65) });
  expect([whole.value?.length, whole.headers['truncated']]).toEqual([65_536, undefined]);
  const cut = deadLetter({ ...refused, value: new Uint8Array(MAX_DEAD_LETTER_BYTES + 1).fill(65) });
  expect([cut.value?.length, cut.headers['truncated']]).toEqual([65_536, 'true']);
});

it('keeps a tombstone, and has no key where no symbol is known', () => {
  expect(deadLetter({ ...refused, value: null, symbol: null })).toMatchObject({ key: null, value: null });
});
