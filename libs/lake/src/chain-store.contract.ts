import { silverTicks } from '@engine/medallion';
import { contentOfBatches } from './content.js';
import { draft, ticks } from './lake-samples.contract.js';
import { ChainMovedError } from './ports.js';
import type { ChainStore, StoredChain } from './ports.js';

/** A store under test, and a way to see the lane offsets it has published of silver/ticks, lane 0, in order. */
export interface ChainStoreUnderTest {
  readonly store: ChainStore;
  readonly offsets: () => Promise<readonly number[]>;
}

/** What every chain store promises. */
export function chainStoreContract(
  withStore: (test: (under: ChainStoreUnderTest) => Promise<void>) => Promise<void>,
): void {
  it('begins at 0 with nothing', () =>
    withStore(async ({ store }) => {
      const chain = await store.open(silverTicks, 0);
      expect([chain.end, chain.lastFooter, chain.lane, chain.table]).toEqual([0, undefined, 0, silverTicks]);
    }));

  it('publishes rows in their order and stands behind them', () =>
    withStore(async ({ store, offsets }) => {
      const chain = await store.open(silverTicks, 0);
      await chain.publish(draft(5, ticks(0, 3), ticks(3, 2)));
      await chain.publish(draft(9, ticks(5, 1)));
      expect(chain.end).toBe(9);
      expect(await offsets()).toEqual([0, 1, 2, 3, 4, 5]);
    }));

  it('says in the footer what it published', () =>
    withStore(async ({ store }) => {
      const chain = await store.open(silverTicks, 0);
      await chain.publish(draft(2, ticks(0, 2)));
      const watermark = 9_007_199_254_740_991;
      const lanes = '{"0":[1,"it\'s"]}';
      const through = '[41,3]';
      const footer = await chain.publish({ ...draft(7, ticks(2, 3)), watermark, lanes, through });
      expect(footer).toEqual({
        first: 2,
        next: 7,
        rows: 3,
        content: contentOfBatches([ticks(2, 3)]),
        schema: expect.stringMatching(/^lane_offset BIGINT, lane_index INTEGER, symbol VARCHAR/) as string,
        rules: 'r1',
        topic: 'bronze-ticks#t1',
        watermark,
        lanes,
        through,
      });
      expect(chain.lastFooter).toEqual(footer);
      expect((await store.open(silverTicks, 0)).lastFooter).toEqual(footer);
    }));

  it('reads what is published, from any offset on, without being the owner', () =>
    withStore(async ({ store }) => {
      const chain = await store.open(silverTicks, 0);
      await chain.startAt(2);
      await chain.publish(draft(5, ticks(2, 3)));
      await chain.publish(draft(6));
      await chain.publish(draft(8, ticks(6, 2)));
      const stored = await store.read(silverTicks, 0);
      await chain.publish(draft(9, ticks(8, 1)));
      expect([stored.start, stored.end]).toEqual([2, 8]);
      expect(stored.segments.map(({ first, next, rows }) => [first, next, rows])).toEqual([
        [2, 5, 3],
        [5, 6, 0],
        [6, 8, 2],
      ]);
      expect(await scanned(stored, 0, 'lane_offset')).toEqual([2, 3, 4, 6, 7]);
      expect(await scanned(stored, 5, 'lane_offset')).toEqual([6, 7]);
      expect(await scanned(stored, 6, 'symbol')).toEqual(['SYM6', 'SYM0']);
      expect(await scanned(stored, 6, 'size')).toEqual([NaN, 100]);
      expect(await scanned(stored, 6, 'event_time')).toEqual([1_700_000_000_006_000, 1_700_000_000_007_000]);
      expect(await scanned(stored, 6, 'in_order')).toEqual([1, 1]);
      expect(await scanned(await store.read(silverTicks, 1), 0, 'symbol')).toEqual([]);
    }));

  it('publishes a segment without rows', () =>
    withStore(async ({ store, offsets }) => {
      const chain = await store.open(silverTicks, 0);
      const footer = await chain.publish(draft(4));
      expect([footer.rows, footer.content, chain.end]).toEqual([0, '0', 4]);
      await chain.publish(draft(5, ticks(4, 1)));
      expect(await offsets()).toEqual([4]);
    }));

  it('goes on where the chain ended when it is opened again', () =>
    withStore(async ({ store, offsets }) => {
      await (await store.open(silverTicks, 0)).publish(draft(3, ticks(0, 3)));
      const again = await store.open(silverTicks, 0);
      expect(again.end).toBe(3);
      await again.publish(draft(4, ticks(3, 1)));
      expect(await offsets()).toEqual([0, 1, 2, 3]);
    }));

  it('keeps lanes apart', () =>
    withStore(async ({ store }) => {
      await (await store.open(silverTicks, 0)).publish(draft(3, ticks(0, 3)));
      expect((await store.open(silverTicks, 1)).end).toBe(0);
    }));

  it('lets exactly one of two owners publish at an end', () =>
    withStore(async ({ store, offsets }) => {
      const [one, other] = [await store.open(silverTicks, 0), await store.open(silverTicks, 0)];
      const outcomes = await Promise.allSettled([
        one.publish(draft(2, ticks(0, 2))),
        other.publish(draft(3, ticks(0, 3))),
      ]);
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect(refused).toEqual([{ status: 'rejected', reason: expect.any(ChainMovedError) as unknown }]);
      const rows = outcomes[0].status === 'fulfilled' ? 2 : 3;
      expect(await offsets()).toEqual([0, 1, 2].slice(0, rows));
      expect((await store.open(silverTicks, 0)).end).toBe(rows);
    }));

  it('tells an owner that slept that the chain moved, and leaves it where it was', () =>
    withStore(async ({ store, offsets }) => {
      const sleeper = await store.open(silverTicks, 0);
      const successor = await store.open(silverTicks, 0);
      await successor.publish(draft(1, ticks(0, 1)));
      await successor.publish(draft(2, ticks(1, 1)));
      await expect(sleeper.publish(draft(2, ticks(0, 2)))).rejects.toMatchObject({
        name: 'ChainMovedError',
        table: 'silver/ticks',
        lane: 0,
        first: 0,
        retriable: true,
      });
      expect([sleeper.end, sleeper.lastFooter]).toEqual([0, undefined]);
      expect(await offsets()).toEqual([0, 1]);
    }));

  it('starts an empty chain above 0', () =>
    withStore(async ({ store, offsets }) => {
      const chain = await store.open(silverTicks, 0);
      await chain.startAt(40);
      expect(chain.end).toBe(40);
      expect((await store.open(silverTicks, 0)).end).toBe(40);
      await chain.publish(draft(41, ticks(40, 1)));
      expect(await offsets()).toEqual([40]);
      expect((await store.open(silverTicks, 0)).end).toBe(41);
    }));

  it('starts at the same place twice, but neither below it nor where there are rows', () =>
    withStore(async ({ store }) => {
      const chain = await store.open(silverTicks, 0);
      await chain.startAt(40);
      await (await store.open(silverTicks, 0)).startAt(40);
      await expect(chain.startAt(39)).rejects.toThrow(RangeError);
      await chain.publish(draft(41, ticks(40, 1)));
      await expect(chain.startAt(50)).rejects.toThrow(RangeError);
    }));

  it('refuses an owner that stands below a floor set meanwhile', () =>
    withStore(async ({ store, offsets }) => {
      const sleeper = await store.open(silverTicks, 0);
      await (await store.open(silverTicks, 0)).startAt(40);
      await expect(sleeper.publish(draft(2, ticks(0, 2)))).rejects.toThrow(ChainMovedError);
      expect(await offsets()).toEqual([]);
    }));

  it('refuses a segment that ends where it starts, and rows of another table', () =>
    withStore(async ({ store }) => {
      const chain = await store.open(silverTicks, 0);
      await chain.publish(draft(3, ticks(0, 3)));
      await expect(chain.publish(draft(3))).rejects.toThrow(RangeError);
      const { columns, ...rest } = ticks(3, 1);
      await expect(chain.publish(draft(4, { ...rest, columns: columns.slice(1) }))).rejects.toThrow(
        'has not the columns of silver/ticks',
      );
      expect(chain.end).toBe(3);
    }));
}

async function scanned(
  stored: StoredChain,
  from: number,
  column: string,
): Promise<(string | number | null)[]> {
  const values: (string | number | null)[] = [];
  for await (const rows of stored.scan(from, [column]))
    for (let row = 0; row < rows.rows; row++)
      values.push(rows.value(column, row) ?? (column === 'symbol' ? null : NaN));
  return values;
}
