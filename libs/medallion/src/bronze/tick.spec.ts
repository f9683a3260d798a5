import { parseTick } from './tick.js';

const valid = { ticker: 'AAPL', price: 101.5, timestamp: 1700000000 };

const symbolOf = (value: unknown): string | null => {
  const parsed = parseTick(value);
  return parsed.valid ? parsed.tick.symbol : parsed.symbol;
};
const sizeOfTick = (value: object): number | null | undefined => {
  const parsed = parseTick({ ...valid, ...value });
  return parsed.valid ? parsed.tick.size : undefined;
};

it('takes the three required fields and fills in the rest', () => {
  expect(parseTick(valid)).toEqual({
    valid: true,
    tick: {
      symbol: 'AAPL',
      eventTimeUs: 1_700_000_000_000_000,
      price: 101.5,
      size: null,
      side: null,
      tradeId: null,
      source: 'unknown',
    },
  });
});

it('takes all fields', () => {
  const given = { ...valid, size: '3', side: 'sell', id: 42, source: 'nasdaq', venue: { ignored: true } };
  expect(parseTick(given)).toMatchObject({
    valid: true,
    tick: { size: 3, side: 'sell', tradeId: '42', source: 'nasdaq' },
  });
});

it('lets ticker win over symbol, unless it is null', () => {
  expect(symbolOf({ ...valid, symbol: 'MSFT' })).toBe('AAPL');
  expect(symbolOf({ ...valid, ticker: null, symbol: 'MSFT' })).toBe('MSFT');
  expect(parseTick({ ...valid, ticker: 5, symbol: 'MSFT' })).toMatchObject({
    valid: false,
    reason: 'bad_ticker',
  });
});

it('takes size, then volume, then quantity', () => {
  expect(sizeOfTick({ size: 1, volume: 2, quantity: 3 })).toBe(1);
  expect(sizeOfTick({ size: null, volume: 2, quantity: 3 })).toBe(2);
  expect(sizeOfTick({ quantity: 3 })).toBe(3);
  expect(parseTick({ ...valid, size: 'many', volume: 2 })).toMatchObject({
    valid: false,
    reason: 'bad_size',
  });
});

it('takes null for absent in every optional field', () => {
  expect(parseTick({ ...valid, size: null, volume: null, side: null, id: null, source: null })).toMatchObject(
    {
      valid: true,
      tick: { size: null, side: null, tradeId: null, source: 'unknown' },
    },
  );
});

it('gives the first reason, and the symbol where it is known', () => {
  expect(parseTick({ price: -1 })).toMatchObject({ reason: 'missing_ticker', symbol: null });
  expect(parseTick({ ...valid, price: -1, timestamp: 'x' })).toMatchObject({
    reason: 'bad_price',
    symbol: 'AAPL',
  });
  expect(parseTick({ ...valid, side: 'x', id: '', source: 7 })).toMatchObject({ reason: 'bad_side' });
});

it('names the field, the value and the remedy', () => {
  const detailOf = (value: unknown): string => {
    const parsed = parseTick(value);
    return parsed.valid ? '' : parsed.detail;
  };
  expect(detailOf({ ...valid, price: 'abc' })).toBe(
    'price "abc" is not valid: send a number or a decimal string above 0 and at most 1e15',
  );
  expect(detailOf({ ...valid, volume: -2 })).toMatch(/^size -2 is not valid: /);
  expect(detailOf({ ticker: 'A' })).toMatch(/^price is missing: /);
  expect(detailOf({ ...valid, id: 'x'.repeat(500) }).length).toBeLessThan(200);
  expect(detailOf([1])).toBe('an array is not a tick: send a JSON object');
});

it('does not descend into what is nested deep', () => {
  const deep: unknown = JSON.parse('['.repeat(10_000) + ']'.repeat(10_000));
  expect(parseTick({ ...valid, price: deep })).toMatchObject({ reason: 'bad_price' });
  expect(parseTick({ ...valid, other: deep })).toMatchObject({ valid: true });
});

it('takes __proto__ for a field like any other', () => {
  const polluted: unknown = JSON.parse('{"__proto__":{"ticker":"EVIL","price":1,"timestamp":1700000000}}');
  expect(parseTick(polluted)).toMatchObject({ valid: false, reason: 'missing_ticker' });
  expect(({} as { ticker?: unknown }).ticker).toBeUndefined();
});
