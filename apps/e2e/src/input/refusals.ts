const T = '1709164800';
const long = (length: number): string => 'x'.repeat(length);

/** A tick as text with some fields set (JSON text) or left out (undefined). */
export function tickText(fields: Readonly<Record<string, string | undefined>>): string {
  const all: Readonly<Record<string, string | undefined>> = {
    ticker: '"VEC"',
    price: '101.5',
    timestamp: T,
    ...fields,
  };
  const pairs = Object.entries(all).flatMap(([name, text]) =>
    text === undefined ? [] : [`"${name}":${text}`],
  );
  return `{${pairs.join(',')}}`;
}

const field =
  (name: string) =>
  (text: string): string =>
    tickText({ [name]: text });

/** Messages that are no ticks, by the reason they must be refused for: the first that applies. */
export const refusedTicks: Readonly<Record<string, readonly string[]>> = {
  not_json: [
    'not json',
    '{"ticker":"AAPL","price":1',
    "{'ticker':'AAPL'}",
    'NaN',
    tickText({ price: 'NaN' }),
    '{} {}',
  ],
  not_an_object: ['1', '"AAPL"', 'true', 'null'],
  missing_ticker: [
    '{}',
    tickText({ ticker: undefined }),
    tickText({ ticker: 'null' }),
    tickText({ ticker: undefined, price: '-1' }),
  ],
  bad_ticker: [
    ...['""', '" "', '"A B"', '"é"', '".A"', '"_A"', '"__proto__"', '123', 'true', '{}', `"${long(33)}"`].map(
      field('ticker'),
    ),
    tickText({ ticker: '""', symbol: '"VEC"' }),
    tickText({ ticker: '""', price: undefined, timestamp: undefined }),
  ],
  missing_price: [
    tickText({ price: undefined }),
    tickText({ price: 'null' }),
    tickText({ price: undefined, timestamp: '1' }),
  ],
  bad_price: [
    ...[
      '0',
      '-1',
      '1e16',
      '1e999',
      'true',
      '[1]',
      '{}',
      '"abc"',
      '""',
      '"0"',
      '"-1"',
      '"1e16"',
      '"0x10"',
    ].map(field('price')),
    ...['" 1"', '"1."', '".5"', '"NaN"', '"Infinity"', '"1_000"', '"1,5"'].map(field('price')),
    tickText({ price: '0', timestamp: undefined }),
  ],
  missing_timestamp: [tickText({ timestamp: undefined }), tickText({ timestamp: 'null', size: '-1' })],
  bad_timestamp: [
    ...['0', '123', '999999999', '17091648001', '1709164800123456789', '-1709164800', '1e20', 'true'].map(
      field('timestamp'),
    ),
    ...['""', '"abc"', '"170916480"', '"17091648001"', '"2024-02-29T00:00:00"'].map(field('timestamp')),
    ...[
      '"2024-02-30T00:00:00Z"',
      '"2023-02-29T00:00:00Z"',
      '"2024-13-01T00:00:00Z"',
      '"2255-01-01T00:00:00Z"',
    ].map(field('timestamp')),
    ...['"1969-12-31T23:59:59Z"', '8993721600', '8993721600000000'].map(field('timestamp')),
    tickText({ timestamp: '1', size: '-1' }),
  ],
  bad_size: [
    ...['-1', '1e16', 'true', '{}', '"abc"', '"-1"', '""'].map(field('size')),
    tickText({ volume: '-1' }),
    tickText({ quantity: '"x"' }),
    tickText({ size: '-1', side: '"up"' }),
  ],
  bad_side: [
    ...['"BUY"', '"b"', '""', '1', 'true', '"constructor"'].map(field('side')),
    tickText({ side: '1', id: '1.5' }),
  ],
  bad_id: [
    ...['1.5', '""', 'true', '{}', '9007199254740992', `"${long(129)}"`].map(field('id')),
    tickText({ id: '""', source: '""' }),
  ],
  bad_source: ['""', '5', 'true', '[]', `"${long(65)}"`].map(field('source')),
};
