import { OPENING_US, silverRecord, tickRows } from '../testing/rows.js';
import type { Tick } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

let dashboard: RunningDashboard;
afterEach(async () => {
  await dashboard.stop();
});

/** One tick a lane offset; every third shares its time with the one before. The price says which it is. */
const tick = (offset: number): Tick => ({
  lane_offset: offset,
  event_time: OPENING_US + (offset - (offset % 3 === 2 ? 1 : 0)) * 1000,
  price: 100 + offset,
});
const ticks = (from: number, to: number): readonly Tick[] =>
  Array.from({ length: to - from }, (_, at) => tick(from + at));
const prices = (from: number, to: number): readonly number[] => ticks(from, to).map(({ price }) => price);

/** The lake has offsets [0, stored), silver has told of [heardFrom, heardTo) in messages of two. */
async function startWith(stored: number, heardFrom: number, heardTo: number): Promise<void> {
  dashboard = await RunningDashboard.start(async (lake, log) => {
    await lake.publish({ next: stored, batch: tickRows(...ticks(0, stored)), watermark: OPENING_US });
    await log.ensureTopic({ name: 'silver-ticks', partitions: 4 });
    for (let at = heardFrom; at < heardTo; at += 2)
      await log.deliver('silver-ticks', silverRecord(...ticks(at, Math.min(at + 2, heardTo))));
  });
}

const shown = async (query = ''): Promise<readonly unknown[]> =>
  (await dashboard.items(`/api/ticks?symbol=AAPL${query}`)).map(({ price }) => price);

/** All pages, each asked for with the `next` of the one before. */
async function pages(query: string): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  let cursor = '';
  do {
    const path = `/api/ticks?symbol=AAPL&limit=3${query}${cursor && `&cursor=${cursor}`}`;
    const page = (await dashboard.get(path)) as { items: { price: number }[]; next: string | null };
    expect(page.items.length).toBeGreaterThan(0);
    all.push(...page.items.map(({ price }) => price));
    cursor = page.next ?? '';
  } while (cursor !== '');
  return all;
}

describe('GET /api/ticks', () => {
  it('shows a stored tick as silver/ticks has it', async () => {
    await startWith(1, 0, 0);
    expect(await dashboard.items('/api/ticks?symbol=AAPL')).toEqual([
      {
        lane_offset: 0,
        lane_index: 0,
        symbol: 'AAPL',
        event_time: '2024-03-01T09:30:00.000000Z',
        price: 100,
        size: null,
        side: null,
        trade_id: null,
        source: null,
        origin_partition: 0,
        origin_offset: 0,
        origin_index: 0,
        verdict: 'accepted',
        in_order: null,
        log_return: null,
        sma: null,
        volatility: null,
        record_time: '2024-03-01T09:30:00.000000Z',
        stored: true,
      },
    ]);
  });

  it('no-row-lost, no-row-twice: lake and log overlap, and a message is sent again', async () => {
    await startWith(10, 6, 15);
    await dashboard.hearTicks(...ticks(8, 12));
    await dashboard.hearTicks(...ticks(12, 17));
    expect(await shown()).toEqual(prices(0, 17));
    const stored = (await dashboard.items('/api/ticks?symbol=AAPL')).map((row) => row['stored']);
    expect(stored).toEqual([...prices(0, 10).map(() => true), ...prices(10, 17).map(() => false)]);
  });

  it('goes over to the lake’s rows when they are published', async () => {
    await startWith(10, 10, 15);
    const late = { ...tick(12), lane_index: 1, price: 7, verdict: 'late' };
    await dashboard.lake.publish({
      next: 13,
      batch: tickRows(...ticks(10, 13), late),
      watermark: OPENING_US,
    });
    dashboard.letTimePass();
    const rows = await dashboard.items('/api/ticks?symbol=AAPL');
    expect(rows.map(({ price, stored }) => [price, stored]).slice(10)).toEqual([
      [110, true],
      [111, true],
      [112, true],
      [7, true],
      [113, false],
      [114, false],
    ]);
    expect(await shown('&verdict=late')).toEqual([7]);
    expect(await shown('&verdict=accepted')).toEqual(prices(0, 15));
  });

  it.each(['', '&order=desc'])('pages through all of them, stored or not, each once %s', async (order) => {
    await startWith(8, 4, 14);
    const all = order === '' ? prices(0, 14) : [...prices(0, 14)].reverse();
    expect(await pages(order)).toEqual(all);
  });

  it('keeps to the times asked for, the end excluded', async () => {
    await startWith(5, 5, 10);
    expect(await shown('&from=2024-03-01T09:30:00.003Z&to=2024-03-01T09:30:00.006Z')).toEqual([
      103, 104, 105,
    ]);
  });

  it('shows other symbols not', async () => {
    await startWith(3, 3, 5);
    expect(await dashboard.items('/api/ticks?symbol=MSFT')).toEqual([]);
  });

  it('does not read the history that the lake holds', async () => {
    dashboard = await RunningDashboard.start(async (lake, log) => {
      await lake.publish({ next: 40, batch: tickRows(...ticks(0, 40)), watermark: OPENING_US });
      await log.ensureTopic({ name: 'silver-ticks', partitions: 4 });
      const { partition } = silverRecord(tick(0));
      await log.deliver('silver-ticks', {
        partition,
        value: 'no message: reading it would stop the dashboard',
      });
      for (const one of ticks(0, 50)) await log.deliver('silver-ticks', silverRecord(one));
    });
    expect(await shown()).toEqual(prices(0, 50));
    await dashboard.http.get('/health/ready').expect(200);
  });
});
