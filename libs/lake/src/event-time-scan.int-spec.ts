import { bronzeEvents, laneOf, TableBuilder } from '@engine/medallion';
import { DuckDbLake } from './duckdb-lake.js';
import { draft, withFolder } from './lake-samples.contract.js';

/** A row of bronze/events; its place is (partition, offset, index). */
interface Event {
  readonly partition: number;
  readonly offset: number;
  readonly index?: number;
  readonly symbol: string | null;
  readonly at: number;
  readonly price?: number;
  readonly size?: number | null;
}

const BASE_US = 1_700_000_000_000_000;
/** Symbols of lane 0 of two, and of lane 1. */
const [own, others] = [0, 1].map((lane) =>
  ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].filter((symbol) => laneOf(symbol, 2) === lane),
) as [string[], string[]];
const [one, other] = own as [string, string];

function batchOf(events: readonly Event[]): ReturnType<TableBuilder<typeof bronzeEvents.columns>['take']> {
  const builder = new TableBuilder(bronzeEvents);
  const { columns } = builder;
  for (const { offset, index = 0, symbol, at, price = 1, size = 5 } of events) {
    const isAccepted = symbol !== null;
    columns.record_offset.push(offset);
    columns.record_index.push(index);
    columns.record_time.push(BASE_US + offset);
    columns.key.push(symbol);
    columns.raw.push('{}');
    columns.verdict.push(isAccepted ? 'accepted' : 'invalid');
    columns.reason.push(isAccepted ? null : 'not_json');
    columns.symbol.push(symbol);
    columns.event_time.push(isAccepted ? BASE_US + at : null);
    columns.price.push(isAccepted ? price : null);
    columns.size.push(isAccepted ? size : null);
    columns.side.push('buy');
    columns.trade_id.push(`t${offset}`);
    columns.source.push(null);
  }
  return builder.take();
}

/** Publishes a segment an event, partition by partition, and reads what lane 0 of two gets of it. */
async function scanned(events: readonly Event[], ends: Record<string, number>): Promise<unknown[][]> {
  return withFolder(async (folder) => {
    const lake = await DuckDbLake.open({ folder });
    for (const partition of new Set(events.map((event) => event.partition))) {
      const chain = await lake.open(bronzeEvents, partition);
      const offsets = new Set(
        events.filter((each) => each.partition === partition).map(({ offset }) => offset),
      );
      for (const offset of offsets) {
        const ofRecord = events.filter((each) => each.partition === partition && each.offset === offset);
        await chain.publish(draft(offset + 1, batchOf(ofRecord)));
      }
    }
    const found: unknown[][] = [];
    for await (const rows of lake.acceptedByEventTime({ lane: 0, lanes: 2 }, ends))
      for (let row = 0; row < rows.rows; row++)
        found.push(
          ['origin_partition', 'origin_offset', 'origin_index', 'symbol', 'event_time', 'size'].map(
            (column) => rows.value(column, row),
          ),
        );
    lake.close();
    return found;
  });
}

it('gives all partitions’ ticks by event time; of one time by partition, offset and index', async () => {
  const found = await scanned(
    [
      { partition: 0, offset: 0, symbol: one, at: 30 },
      { partition: 0, offset: 1, symbol: other, at: 10, size: null },
      { partition: 0, offset: 2, index: 0, symbol: one, at: 20 },
      { partition: 0, offset: 2, index: 1, symbol: other, at: 20 },
      { partition: 1, offset: 0, symbol: one, at: 20 },
      { partition: 1, offset: 1, symbol: one, at: 5 },
    ],
    { 0: 3, 1: 2 },
  );
  expect(found).toEqual([
    [1, 1, 0, one, BASE_US + 5, 5],
    [0, 1, 0, other, BASE_US + 10, null],
    [0, 2, 0, one, BASE_US + 20, 5],
    [0, 2, 1, other, BASE_US + 20, 5],
    [1, 0, 0, one, BASE_US + 20, 5],
    [0, 0, 0, one, BASE_US + 30, 5],
  ]);
});

it('leaves out other lanes’ symbols, what was refused, and what lies behind a partition’s end', async () => {
  const found = await scanned(
    [
      { partition: 0, offset: 0, symbol: others[0]!, at: 1 },
      { partition: 0, offset: 1, symbol: null, at: 2 },
      { partition: 0, offset: 2, symbol: one, at: 3 },
      { partition: 0, offset: 3, symbol: one, at: 0 },
      { partition: 1, offset: 0, symbol: one, at: 0 },
    ],
    { 0: 3 },
  );
  expect(found.map(([partition, offset]) => [partition, offset])).toEqual([[0, 2]]);
});

it('has nothing of an empty lake, and nothing of a lane without ticks', async () => {
  expect(await scanned([], { 0: 5 })).toEqual([]);
  expect(await scanned([{ partition: 0, offset: 0, symbol: others[0]!, at: 1 }], { 0: 1 })).toEqual([]);
});
