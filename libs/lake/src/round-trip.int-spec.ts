import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, everyType, everyTypeBatch, withFolder } from './lake-samples.contract.js';
import type { EveryTypeRow } from './lake-samples.contract.js';

const NOTHING: EveryTypeRow = {
  big: null,
  whole: 0,
  at: null,
  price: null,
  flag: null,
  text: null,
  repeated: null,
};

/** Publishes rows and reads the file by means of a plain DuckDB, in the order of the file. */
async function roundTrip(rows: readonly EveryTypeRow[], select: string): Promise<unknown[][]> {
  return withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    await (await lake.open(everyType, 0)).publish(draft(1, everyTypeBatch(rows)));
    lake.close();
    const file = join(folder, 'silver/every/lane=0/00000000000000000000.parquet');
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run("SET TimeZone = 'America/New_York'");
    const result = await connection.runAndReadAll(`SELECT ${select} FROM read_parquet('${file}')`);
    return result.getRowsJS();
  });
}

const SELECT = 'big::VARCHAR, whole, epoch_us("at")::VARCHAR, price, flag, text, repeated';

const expected = (row: EveryTypeRow): unknown[] => [
  row.big === null ? null : BigInt(row.big).toString(),
  row.whole,
  row.at === null ? null : BigInt(row.at).toString(),
  row.price,
  row.flag,
  row.text,
  row.repeated,
];

describe('a segment gives back what was published', () => {
  it('has the types of the contract', async () => {
    const [types] = await roundTrip(
      [NOTHING],
      Object.keys(everyType.columns)
        .map((name) => `typeof("${name}")`)
        .join(', '),
    );
    expect(types).toEqual([
      'BIGINT',
      'INTEGER',
      'TIMESTAMP WITH TIME ZONE',
      'DOUBLE',
      'BOOLEAN',
      'VARCHAR',
      'VARCHAR',
    ]);
  });

  it.each<[string, Partial<EveryTypeRow>]>([
    ['nothing but nulls', {}],
    ['the largest safe integers', { big: Number.MAX_SAFE_INTEGER, whole: 2_147_483_647 }],
    ['the smallest safe integers', { big: Number.MIN_SAFE_INTEGER, whole: -2_147_483_648 }],
    ['1970', { at: 0 }],
    ['the last µs of 2254', { at: Date.UTC(2255, 0, 1) * 1000 - 1 }],
    ['a price of 1e15', { price: 1e15 }],
    ['a price of 1e-9', { price: 1e-9 }],
    ['a price with all its digits', { price: 0.1 + 0.2 }],
    ['minus zero', { price: -0 }],
    ['infinity', { price: -Infinity }],
    ['true', { flag: true }],
    ['false', { flag: false }],
    ['empty texts', { text: '', repeated: '' }],
    ['quotes', { text: `'it''s "quoted"', \\n;--`, repeated: "'" }],
    ['unicode', { text: '価格 🚀 e\u0301 \u{10FFFF}', repeated: '🚀' }],
    ['control characters, NUL too', { text: 'a\0b\n\r\t\u007f', repeated: '\0' }],
    ['a long text', { text: 'x'.repeat(100_000), repeated: 'y'.repeat(13) }],
  ])('%s', async (_, values) => {
    const row = { ...NOTHING, ...values };
    const [[...got] = []] = await roundTrip([row], SELECT);
    expect(got).toEqual(expected(row));
  });

  it('a long text followed by thousands of rows without one, in little memory', async () => {
    const long = 'y'.repeat(400_000);
    const rows = Array.from({ length: 4_000 }, (_, at) => ({ ...NOTHING, repeated: at === 1 ? long : null }));
    const got = await roundTrip(
      rows,
      'count(*)::INTEGER, count(repeated)::INTEGER, max(strlen(repeated))::INTEGER',
    );
    expect(got).toEqual([[4_000, 1, 400_000]]);
  });

  it('any rows, in their order', async () => {
    const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
    const row = fc.record<EveryTypeRow>({
      big: nullable(fc.maxSafeInteger()),
      whole: fc.integer(),
      at: nullable(fc.integer({ min: 0, max: Date.UTC(2255, 0, 1) * 1000 - 1 })),
      price: nullable(fc.double({ noNaN: true })),
      flag: nullable(fc.boolean()),
      text: nullable(fc.string({ unit: 'binary' })),
      repeated: nullable(fc.constantFrom('a', 'b', 'too_many_symbols')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 50 }), async (rows) => {
        expect(await roundTrip(rows, SELECT)).toEqual(rows.map(expected));
      }),
      { numRuns: 15 },
    );
  });
});
