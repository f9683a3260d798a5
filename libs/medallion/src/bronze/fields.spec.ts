import { parsePrice, parseSide, parseSize, parseSource, parseTicker, parseTradeId } from './fields.js';
import { isPrice, isSide, isSize, isSource, isTicker, isTradeId } from './predicates.js';

interface Rule {
  readonly parse: (value: unknown) => unknown;
  readonly is: (value: unknown) => boolean;
  readonly accepted: readonly (readonly [given: unknown, meant: unknown])[];
  readonly refused: readonly unknown[];
}

const rules: Record<string, Rule> = {
  ticker: {
    parse: parseTicker,
    is: isTicker,
    accepted: [
      ['AAPL', 'AAPL'],
      ['aapl', 'aapl'],
      ['^GSPC', '^GSPC'],
      ['0700.HK', '0700.HK'],
      ['BTC/USD', 'BTC/USD'],
      ['BRK-B', 'BRK-B'],
      ['X:BTC_USD^=', 'X:BTC_USD^='],
      [' \t\r\n\v\fAAPL\n ', 'AAPL'],
      ['A', 'A'],
      ['A'.repeat(32), 'A'.repeat(32)],
    ],
    refused: [
      '',
      '   ',
      '.A',
      '-A',
      'A'.repeat(33),
      'A B',
      'ÄÖ',
      '\u00a0AAPL',
      'AAPL\u0000',
      5,
      true,
      [],
      {},
      ['AAPL'],
    ],
  },
  price: {
    parse: parsePrice,
    is: isPrice,
    accepted: [
      [101.5, 101.5],
      [1e15, 1e15],
      [1e-9, 1e-9],
      [5e-324, 5e-324],
      ['101.50', 101.5],
      ['+1', 1],
      ['1e3', 1000],
      ['1.5E-3', 0.0015],
      ['007', 7],
    ],
    refused: [
      0,
      -0,
      -1,
      1e15 + 1,
      Infinity,
      NaN,
      '0',
      '-1',
      '1e16',
      '1e400',
      '1e-400',
      '',
      ' 1',
      '1 ',
      '1,5',
      '.5',
      '5.',
      '0x10',
      'NaN',
      'Infinity',
      '1_000',
      true,
      [1],
      {},
    ],
  },
  size: {
    parse: parseSize,
    is: isSize,
    accepted: [
      [0, 0],
      [-0, 0],
      ['-0', 0],
      [10, 10],
      ['0.001', 0.001],
      [1e15, 1e15],
    ],
    refused: [-1, '-1e-9', 1e15 + 1, Infinity, NaN, '', 'ten', false, [], {}],
  },
  side: {
    parse: parseSide,
    is: isSide,
    accepted: [
      ['buy', 'buy'],
      ['sell', 'sell'],
    ],
    refused: ['BUY', 'Sell', 'b', '', 1, true, {}, ['buy']],
  },
  id: {
    parse: parseTradeId,
    is: isTradeId,
    accepted: [
      [7, '7'],
      [-7, '-7'],
      [-0, '0'],
      [9007199254740991, '9007199254740991'],
      ['7', '7'],
      ['a'.repeat(128), 'a'.repeat(128)],
      [' x ', ' x '],
      ['😀', '😀'],
    ],
    refused: [9007199254740992, 1.5, NaN, '', 'a'.repeat(129), '\ud800', 'a\udc00', true, [], {}],
  },
  source: {
    parse: parseSource,
    is: isSource,
    accepted: [
      ['synthetic', 'synthetic'],
      ['x'.repeat(64), 'x'.repeat(64)],
    ],
    refused: ['', 'x'.repeat(65), '\udfff', 1, true, [], {}],
  },
};

describe.each(Object.entries(rules))('the rule of %s', (_name, { parse, is, accepted, refused }) => {
  it.each(accepted)('takes %p for %p', (given, meant) => {
    expect(parse(given)).toBe(meant);
    expect(is(given)).toBe(true);
  });

  it.each(refused.map((given) => [given]))('refuses %p', (given) => {
    expect(parse(given)).toBeUndefined();
    expect(is(given)).toBe(false);
  });
});

it('refuses a megabyte of blanks inside a ticker without taking quadratic time', () => {
  expect(parseTicker(`A${' '.repeat(1_000_000)}B`)).toBeUndefined();
});
