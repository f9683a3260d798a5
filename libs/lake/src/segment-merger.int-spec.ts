import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { bronzeEvents, silverMarkers, silverTicks, TableBuilder } from '@engine/medallion';
import type { TableBatch, TableSchema } from '@engine/medallion';
import fc from 'fast-check';
import { storedOrderSql } from './compacted-order.js';
import { DuckDbLake } from './duckdb-lake.js';
import { openDuckDb } from './duckdb.js';
import { draft, ticks, withFolder } from './lake-samples.contract.js';
import { mergedFooter } from './merged-footer.js';
import { rangeConditions } from './merge-ranges.js';
import { NodeLakeFiles } from './node-lake-files.js';
import { DuckDbMerger } from './segment-merger.js';
import { segmentName } from './segment-names.js';
import { sqlFiles, sqlName } from './sql-text.js';

const memoryLimit = '64MB';
const openDatabase = (swap?: string): ReturnType<typeof openDuckDb> =>
  openDuckDb({ memoryLimit, threads: 1 }, swap);

interface Event {
  readonly symbol: string | null;
  readonly at: number | null;
}

function events(
  first: number,
  rows: readonly Event[],
  rawOf = (offset: number): string => `{"n":${offset}}`,
): TableBatch {
  const builder = new TableBuilder(bronzeEvents);
  const { columns } = builder;
  for (const [at, row] of rows.entries()) {
    columns.record_offset.push(first + at);
    columns.record_index.push(0);
    columns.record_time.push(1_700_000_000_000_000 + first + at);
    columns.key.push(row.symbol);
    columns.raw.push(rawOf(first + at));
    columns.verdict.push(row.symbol === null ? 'rejected' : 'accepted');
    columns.reason.push(row.symbol === null ? 'not_json' : null);
    columns.symbol.push(row.symbol);
    columns.event_time.push(row.at === null ? null : 1_700_000_000_000_000 + row.at);
    columns.price.push(1);
    columns.size.push(null);
    columns.side.push(null);
    columns.trade_id.push(null);
    columns.source.push(null);
  }
  return builder.take();
}

/** Removing the ranges' files tells how many there were. */
class CountedFiles extends NodeLakeFiles {
  unlinked = 0;

  override async unlink(path: string): Promise<void> {
    this.unlinked++;
    await super.unlink(path);
  }
}

/** Merges segments of these rows; resolves to the merged rows as they lie in the file, as a sort of all gives them, and the number of ranges. */
async function merged(
  table: TableSchema,
  batches: readonly TableBatch[],
  rowsAtOnce: number,
): Promise<{ stored: unknown[]; sorted: unknown[]; ranges: number }> {
  return withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    const chain = await lake.open(table, 0);
    const paths: string[] = [];
    for (const batch of batches) {
      paths.push(join(folder, table.name, 'lane=0', segmentName(chain.end)));
      await chain.publish(draft(chain.end + batch.rows, batch));
    }
    const footer = mergedFooter((await lake.read(table, 0)).segments);
    lake.close();
    const path = join(folder, 'merged.parquet');
    const files = new CountedFiles();
    const instance = await openDatabase(join(folder, 'swap'));
    await new DuckDbMerger({ instance, memoryLimit, files, rowsAtOnce }).merge(table, paths, footer, path);
    instance.closeSync();
    // A raw text's digest does for it: this sort has no ranges.
    const names = Object.keys(table.columns).map((name) => (name === 'raw' ? 'md5(raw)' : sqlName(name)));
    const select = (from: readonly string[]): string =>
      `SELECT ${names.join(', ')} FROM read_parquet(${sqlFiles(from)})`;
    return withDatabase(async (rows) => ({
      stored: await rows(select([path])),
      sorted: await rows(select(paths) + storedOrderSql(table)),
      ranges: files.unlinked,
    }));
  });
}

async function withDatabase<T>(use: (rows: (sql: string) => Promise<unknown[]>) => Promise<T>): Promise<T> {
  const instance = await openDatabase();
  const connection: DuckDBConnection = await instance.connect();
  try {
    return await use(async (sql) => (await connection.runAndReadAll(sql)).getRowsJson());
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const event = fc.record({
  // One symbol with most of the rows, one that has to be quoted, and rows without any.
  symbol: fc.constantFrom('HOT', 'HOT', 'HOT', 'HOT', "O'X", 'Z', 'A', 'Ä', null),
  at: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 6 }),
});

it('has the rows in the order of one sort of all, however they are parted', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(event, { minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 30 }),
      async (segments, rowsAtOnce) => {
        let first = 0;
        const batches = segments.map((rows) => {
          const batch = events(first, rows);
          first += rows.length;
          return batch;
        });
        const { stored, sorted, ranges } = await merged(bronzeEvents, batches, rowsAtOnce);
        expect(stored).toEqual(sorted);
        expect(stored).toHaveLength(first);
        expect(ranges > 0).toBe(first > rowsAtOnce);
      },
    ),
    { numRuns: 30 },
  );
});

it('parts silver/ticks by symbols, and a symbol with too many by time', async () => {
  const { stored, sorted, ranges } = await merged(silverTicks, [ticks(0, 3_000), ticks(3_000, 3_000)], 500);
  expect(stored).toEqual(sorted);
  // Seven symbols of some 857 rows.
  expect(ranges).toBe(14);
});

it('parts a table without symbols by what it is sorted by', async () => {
  const builder = new TableBuilder(silverMarkers);
  for (let offset = 0; offset < 1_000; offset++) {
    builder.columns.lane_offset.push(offset);
    builder.columns.marker.push(1_700_000_000_000_000 + offset);
  }
  const { stored, sorted, ranges } = await merged(silverMarkers, [builder.take()], 300);
  expect(stored).toEqual(sorted);
  expect(ranges).toBe(4);
});

it('has smaller ranges where rows have long texts: 64 MB merge 31 MiB of them', async () => {
  const random = (offset: number): string =>
    createHash('shake256', { outputLength: 1536 }).update(String(offset)).digest('base64');
  const segments = Array.from({ length: 4 }, (_, segment) =>
    events(
      segment * 4_000,
      Array.from({ length: 4_000 }, (_, at) => ({ symbol: at % 2 === 0 ? 'HOT' : `S${at % 7}`, at })),
      random,
    ),
  );
  const { stored, sorted, ranges } = await merged(bronzeEvents, segments, 50_000);
  expect(stored).toEqual(sorted);
  expect(stored).toHaveLength(16_000);
  expect(ranges).toBeGreaterThan(3);
});

it('takes as many whole symbols at once as fit', async () => {
  const instance = await openDatabase();
  const connection = await instance.connect();
  const from = "(SELECT 'S' || (i % 3) AS symbol, make_timestamptz(i) AS event_time FROM range(100) r(i))";
  const columns = { symbol: 'VARCHAR', event_time: 'TIMESTAMP' } as const;
  const rows = { from, rows: 100, columns, order: ['symbol', 'event_time'] };
  // 34, 33 and 33 rows.
  expect(await rangeConditions(connection, rows, 67)).toEqual([
    `("symbol" BETWEEN 'S0' AND 'S1') AND (true)`,
    `("symbol" BETWEEN 'S2' AND 'S2') AND (true)`,
  ]);
  connection.closeSync();
  instance.closeSync();
});
