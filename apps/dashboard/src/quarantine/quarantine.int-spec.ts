import { eventRows, OPENING_US, tickRows } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

const HOSTILE = '<script>alert(document.cookie)</script>';
const LONG = `{"ticker":"${'A'.repeat(5000)}"}`;
const at = (second: number): number => OPENING_US + second * 1_000_000;

let dashboard: RunningDashboard;
beforeAll(async () => {
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish(
      {
        lane: 1,
        next: 9,
        watermark: OPENING_US,
        batch: eventRows(
          { record_offset: 0, record_time: at(0), raw: '{"ok":1}', verdict: 'accepted', reason: null },
          { record_offset: 1, record_time: at(1), raw: HOSTILE },
          { record_offset: 2, record_time: at(2), raw: LONG, reason: 'bad_ticker' },
          { record_offset: 3, record_time: at(3), raw: '[1,2]', reason: 'not_an_object' },
          { record_offset: 3, record_index: 1, record_time: at(3), raw: null, reason: 'not_an_object' },
          { record_offset: 4, record_time: at(4), raw: null, reason: 'empty' },
          { record_offset: 5, record_time: at(5), raw: '{"price":1}', verdict: 'accepted', reason: null },
        ),
      },
      {
        next: 9,
        watermark: OPENING_US,
        batch: tickRows(
          { lane_offset: 0, event_time: at(-1), price: 1, record_time: at(0), source: HOSTILE },
          {
            lane_offset: 1,
            event_time: at(-600),
            price: 7,
            verdict: 'late',
            record_time: at(5),
            origin_partition: 1,
            origin_offset: 5,
          },
        ),
      },
    ),
  );
});
afterAll(async () => {
  await dashboard.stop();
});

interface Page {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
  readonly counts: unknown;
}
const page = async (query = ''): Promise<Page> => (await dashboard.get(`/api/quarantine?${query}`)) as Page;
const places = ({ items }: Page): readonly string[] =>
  items.map(({ layer, offset, index }) => `${String(layer)} ${String(offset)}.${String(index)}`);

const NEWEST_FIRST = ['silver 5.0', 'bronze 4.0', 'bronze 3.1', 'bronze 3.0', 'bronze 2.0', 'bronze 1.0'];

describe('GET /api/quarantine', () => {
  it('shows what both layers refused, newest first, and how much of it there is', async () => {
    const all = await page();
    expect(places(all)).toEqual(NEWEST_FIRST);
    expect(all.counts).toEqual([
      { layer: 'bronze', reason: 'bad_ticker', rows: 1 },
      { layer: 'bronze', reason: 'empty', rows: 1 },
      { layer: 'bronze', reason: 'not_an_object', rows: 2 },
      { layer: 'bronze', reason: 'not_json', rows: 1 },
      { layer: 'silver', reason: 'late', rows: 1 },
    ]);
  });

  it('shows a refused tick with the value of the record it came in', async () => {
    const [late] = (await page('layer=silver')).items;
    expect(late).toEqual({
      layer: 'silver',
      reason: 'late',
      recordTime: '2024-03-01T09:30:05.000000Z',
      partition: 1,
      offset: 5,
      index: 0,
      symbol: 'AAPL',
      eventTime: '2024-03-01T09:20:00.000000Z',
      price: 7,
      raw: '{"price":1}',
      rawLength: 11,
    });
  });

  it('shows every element of an array with the whole array, and a tombstone with nothing', async () => {
    const { items } = await page('layer=bronze&limit=3');
    expect(items.map(({ raw }) => raw)).toEqual([null, '[1,2]', '[1,2]']);
  });

  it('cuts what is long, and says how long it was', async () => {
    const [long] = (await page('reason=bad_ticker')).items;
    expect(long).toMatchObject({ raw: LONG.slice(0, 4096), rawLength: LONG.length });
  });

  it('filters by layer and reason, and counts all the same', async () => {
    expect(places(await page('reason=not_an_object'))).toEqual(['bronze 3.1', 'bronze 3.0']);
    expect(places(await page('layer=silver&reason=not_json'))).toEqual([]);
    expect((await page('reason=late')).counts).toEqual((await page()).counts);
  });

  it.each([1, 2, 4])('pages through all, each once, %d at a time', async (limit) => {
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const found: Page = await page(`limit=${limit}${next && `&cursor=${next}`}`);
      seen.push(...places(found));
      next = found.next;
    }
    expect(seen).toEqual(NEWEST_FIRST);
  });

  it('gives hostile text as data: as JSON, which no browser guesses to be a page', async () => {
    for (const path of ['/api/quarantine?reason=not_json', '/api/ticks?symbol=AAPL'])
      await dashboard.http
        .get(path)
        .expect('content-type', 'application/json; charset=utf-8')
        .expect('x-content-type-options', 'nosniff');
    expect((await page('reason=not_json')).items[0]?.['raw']).toBe(HOSTILE);
    expect((await dashboard.items('/api/ticks?symbol=AAPL&verdict=accepted'))[0]?.['source']).toBe(HOSTILE);
  });
});
