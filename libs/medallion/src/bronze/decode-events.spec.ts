import type { TableBatch } from '../columns.js';
import { laneOf } from '../lane.js';
import { decodeEvents } from './decode-events.js';
import type { BronzeOutput, RawRecord } from './decode-events.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const tick = { ticker: 'AAPL', price: 101.5, timestamp: 1700000000 };
const record = (value: unknown, more: Partial<RawRecord> = {}): RawRecord => ({
  partition: 0,
  offset: 7,
  timeMs: 1_700_000_001_000,
  key: null,
  value:
    value === null || value instanceof Uint8Array
      ? value
      : bytes(typeof value === 'string' ? value : JSON.stringify(value)),
  ...more,
});

/** The rows as objects, NaN as null. */
function rowsOf(batch: TableBatch | undefined): Record<string, unknown>[] {
  if (batch === undefined) return [];
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(
      batch.columns.map(({ name, values }): [string, unknown] => [
        name,
        Number.isNaN(values[row]) ? null : values[row],
      ]),
    ),
  );
}
const rows = (output: BronzeOutput, partition = 0): Record<string, unknown>[] =>
  rowsOf(output.events.get(partition));

describe('an accepted tick', () => {
  const given = { ...tick, size: 3, side: 'buy', id: 9, source: 'test', extra: 1 };
  const output = decodeEvents([record(given, { partition: 2, key: bytes('AAPL') })], 4);

  it('becomes a row with everything that was read, and the raw value', () => {
    expect(rows(output, 2)).toEqual([
      {
        record_offset: 7,
        record_index: 0,
        record_time: 1_700_000_001_000_000,
        key: 'AAPL',
        raw: JSON.stringify(given),
        verdict: 'accepted',
        reason: null,
        symbol: 'AAPL',
        event_time: 1_700_000_000_000_000,
        price: 101.5,
        size: 3,
        side: 'buy',
        trade_id: '9',
        source: 'test',
      },
    ]);
  });

  it('goes to the lane of its symbol', () => {
    expect([...output.lanes]).toEqual([
      [
        laneOf('AAPL', 4),
        {
          n: 1,
          symbols: ['AAPL'],
          symbol: [0],
          eventTimeUs: [1_700_000_000_000_000],
          price: [101.5],
          size: [3],
          side: ['buy'],
          tradeId: ['9'],
          sources: ['test'],
          source: [0],
          originPartition: [2],
          originOffset: [7],
          originIndex: [0],
          recordTimeUs: [1_700_000_001_000_000],
        },
      ],
    ]);
    expect(output.refusals).toEqual([]);
  });
});

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const refusals: readonly (readonly [value: unknown, reason: string])[] = [
  [new Uint8Array(10_000_000).fill(0x20), 'too_large'],
  [new Uint8Array(1_048_577).fill(0xff), 'too_large'],
  [null, 'empty'],
  ['', 'empty'],
  [' \r\n\t', 'empty'],
  ['[]', 'empty'],
  ['not json', 'not_json'],
  ['{"ticker":"AAPL"', 'not_json'],
  ['\ufeff{"ticker":"AAPL","price":1,"timestamp":1700000000}', 'not_json'],
  [Uint8Array.of(0x7b, 0xff, 0x7d), 'not_json'],
  ['['.repeat(10_000), 'not_json'],
  ['null', 'not_an_object'],
  ['5', 'not_an_object'],
  ['"AAPL"', 'not_an_object'],
  ['[[]]', 'not_an_object'],
  [deep(10_000), 'not_an_object'],
  [JSON.stringify(new Array(10_001).fill(0)), 'too_many'],
  [{ ...tick, ticker: undefined }, 'missing_ticker'],
  [{ ...tick, ticker: null, symbol: null }, 'missing_ticker'],
  [{ ...tick, ticker: '' }, 'bad_ticker'],
  [{ ...tick, price: null }, 'missing_price'],
  [{ ...tick, price: 0 }, 'bad_price'],
  [{ ...tick, timestamp: undefined }, 'missing_timestamp'],
  ['{"ticker":"AAPL","price":1,"timestamp":1700000000123456789}', 'bad_timestamp'],
  [{ ...tick, quantity: -1 }, 'bad_size'],
  [{ ...tick, side: 'B' }, 'bad_side'],
  [{ ...tick, id: '' }, 'bad_id'],
  [{ ...tick, source: '' }, 'bad_source'],
];

describe.each(refusals.map(([value, reason], nr) => ({ nr, value, reason })))(
  'refusal $nr: $reason',
  ({ value, reason }) => {
    const good = record(tick, { offset: 8 });
    const bad = record(value);
    const output = decodeEvents([bad, good], 1);

    it('is one row that keeps the value, with the reason and no figures', () => {
      const [row] = rows(output);
      expect(row).toMatchObject({ verdict: 'invalid', reason, record_offset: 7, record_index: 0 });
      expect([
        row?.['event_time'],
        row?.['price'],
        row?.['size'],
        row?.['side'],
        row?.['trade_id'],
        row?.['source'],
      ]).toEqual(new Array(6).fill(null));
    });

    it('is announced with its coordinates and the original value', () => {
      expect(output.refusals).toHaveLength(1);
      expect(output.refusals[0]).toMatchObject({ partition: 0, offset: 7, index: 0, reason });
      expect(output.refusals[0]?.value).toBe(bad.value);
      expect(output.refusals[0]?.detail).not.toBe('');
      expect(output.refusals[0]?.detail.length).toBeLessThan(400);
    });

    it('does not hurt the next record', () => {
      expect(rows(output)).toHaveLength(2);
      expect(output.lanes.get(0)?.originOffset).toEqual([8]);
      expect(output.verdicts.get(0)).toEqual(
        new Map([
          ['accepted', 1],
          ['invalid', 1],
        ]),
      );
    });
  },
);

describe('what is kept of a record', () => {
  it('is null for a tombstone and empty text for an empty value', () => {
    expect(rows(decodeEvents([record(null), record('')], 1)).map((row) => row['raw'])).toEqual([null, '']);
  });

  it('is the whole value where it is too large', () => {
    const value = 'x'.repeat(2_000_000);
    expect(rows(decodeEvents([record(value)], 1))[0]?.['raw']).toBe(value);
  });

  it('is base64 where value or key are not UTF-8', () => {
    const invalid = Uint8Array.of(0xff);
    const [row] = rows(decodeEvents([record(invalid, { key: invalid })], 1));
    expect([row?.['raw'], row?.['key']]).toEqual(['base64:/w==', 'base64:/w==']);
  });

  it('is the symbol of an invalid tick where that could be read', () => {
    const output = decodeEvents([record({ ...tick, price: -1 }), record({ ...tick, ticker: 5 })], 1);
    expect(rows(output).map((row) => row['symbol'])).toEqual(['AAPL', null]);
    expect(output.refusals.map((refusal) => refusal.symbol)).toEqual(['AAPL', null]);
  });
});

describe('an array message', () => {
  const elements = [tick, { ...tick, price: 'x' }, null, [], { ...tick, ticker: 'MSFT' }];
  const output = decodeEvents([record(elements, { key: bytes('k') })], 1);

  it('is one row per element, the refused ones among their unhurt siblings', () => {
    expect(rows(output).map((row) => [row['record_index'], row['reason']])).toEqual([
      [0, null],
      [1, 'bad_price'],
      [2, 'not_an_object'],
      [3, 'not_an_object'],
      [4, null],
    ]);
    expect(output.lanes.get(0)?.originIndex).toEqual([0, 4]);
    expect(output.refusals.map((refusal) => refusal.index)).toEqual([1, 2, 3]);
  });

  it('has its raw value on index 0 only, its key on every row', () => {
    expect(rows(output).map((row) => row['raw'])).toEqual([JSON.stringify(elements), null, null, null, null]);
    expect(rows(output).map((row) => row['key'])).toEqual(['k', 'k', 'k', 'k', 'k']);
  });

  it('may have 10,000 elements', () => {
    expect(decodeEvents([record(new Array(10_000).fill(tick))], 1).lanes.get(0)?.n).toBe(10_000);
  });
});

it('keeps the order given in every lane and partition', () => {
  const symbols = ['AAPL', 'MSFT', 'TSLA', 'NVDA', 'AMZN'];
  const records = Array.from({ length: 40 }, (_, i) =>
    record({ ...tick, ticker: symbols[i % 5], price: i + 1 }, { partition: (i * 7) % 3, offset: i }),
  );
  const output = decodeEvents(records, 4);
  for (const [lane, ticks] of output.lanes) {
    const wanted = records.map((_, i) => i).filter((i) => laneOf(symbols[i % 5]!, 4) === lane);
    expect(ticks.originOffset).toEqual(wanted);
    expect(Array.from(ticks.symbol, (symbol) => ticks.symbols[symbol])).toEqual(
      wanted.map((i) => symbols[i % 5]),
    );
    expect(ticks.price).toEqual(wanted.map((i) => i + 1));
    expect(ticks.originPartition).toEqual(wanted.map((i) => (i * 7) % 3));
  }
  for (const partition of [0, 1, 2]) {
    const wanted = records.filter((given) => given.partition === partition).map((given) => given.offset);
    expect(rows(output, partition).map((row) => row['record_offset'])).toEqual(wanted);
  }
});

it('has nothing to say about no records', () => {
  expect(decodeEvents([], 4)).toEqual({
    events: new Map(),
    lanes: new Map(),
    refusals: [],
    verdicts: new Map(),
  });
});
