import type { BarUpdate } from '@engine/medallion';
import { isoTime } from '../time.js';
import { barRows, barUpdate, MINUTE_US, openBar, OPENING_US } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

const at = (minute: number): number => OPENING_US + minute * MINUTE_US;
const BARS = '/api/bars?symbol=AAPL&interval=1m';

let dashboard: RunningDashboard;
afterEach(async () => {
  await dashboard.stop();
});

/** The lake's clock has passed the closing of the bars of the first ten minutes. */
const startWith = async (...bars: readonly BarUpdate[]): Promise<void> => {
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish({ next: 10, batch: barRows(...bars), watermark: at(30) }),
  );
};

describe('GET /api/bars', () => {
  it('shows a closed bar as gold/bars has it, with its state', async () => {
    await startWith(barUpdate({ vwap: null }));
    expect(await dashboard.get(BARS)).toEqual({
      items: [
        {
          symbol: 'AAPL',
          interval: '1m',
          start: '2024-03-01T09:30:00.000000Z',
          revision: 0,
          open: 100,
          high: 102,
          low: 99,
          close: 101,
          volume: 10,
          vwap: null,
          ticks: 4,
          first_offset: 0,
          last_offset: 3,
          closed_at: '2024-03-01T09:33:00.000000Z',
          state: 'final',
        },
      ],
      next: null,
    });
  });

  it('shows other symbols and intervals not', async () => {
    await startWith(barUpdate({ symbol: 'MSFT' }), barUpdate({ interval: '5m' }), barUpdate());
    expect(await dashboard.items(BARS)).toHaveLength(1);
    expect(await dashboard.items('/api/bars?symbol=NOPE&interval=1m')).toEqual([]);
  });

  it('shows a forming bar as provisional, at its newest', async () => {
    await startWith(barUpdate());
    await dashboard.hear(
      openBar({ start: at(1), close: 103, lane_offset: 8 }),
      openBar({ start: at(1), close: 999, lane_offset: 7, lane_index: 5 }),
      openBar({ start: at(1), close: 104, lane_offset: 8, lane_index: 1 }),
    );
    const shown = (await dashboard.items(BARS)).map(({ start, close, state }) => [start, close, state]);
    expect(shown).toEqual([
      [isoTime(at(0)), 101, 'final'],
      [isoTime(at(1)), 104, 'provisional'],
    ]);
  });

  it('shows a bar that has closed before its segment is published, once', async () => {
    await startWith(barUpdate());
    const closing = barUpdate({ start: at(40), close: 105, closed_at: at(43) });
    await dashboard.hear(openBar({ start: at(40), close: 104 }), closing, closing);
    expect((await dashboard.items(BARS)).map(({ close, state }) => [close, state])).toEqual([
      [101, 'final'],
      [105, 'final'],
    ]);
    await dashboard.lake.publish({ next: 20, batch: barRows(closing), watermark: at(60) });
    dashboard.letTimePass();
    expect(await dashboard.items(BARS)).toHaveLength(2);
  });

  it('believes the lake where an update of the same revision says otherwise', async () => {
    await startWith(barUpdate());
    await dashboard.hear(openBar({ close: 1, lane_offset: 99 }));
    expect((await dashboard.items(BARS)).map(({ close, state }) => [close, state])).toEqual([[101, 'final']]);
  });

  it('shows the highest revision, all of them, or those of a time', async () => {
    await startWith(
      barUpdate(),
      barUpdate({ revision: 1, close: 90, closed_at: at(5) }),
      barUpdate({ start: at(1), closed_at: at(4) }),
    );
    await dashboard.hear(barUpdate({ state: 'corrected', revision: 2, close: 80, closed_at: at(31) }));
    const closes = async (query: string): Promise<unknown[]> =>
      (await dashboard.items(BARS + query)).map(({ close }) => close);
    expect(await closes('')).toEqual([80, 101]);
    expect(await closes('&revisions=all')).toEqual([101, 90, 80, 101]);
    expect(await closes(`&as_of=${isoTime(at(3))}`)).toEqual([101]);
    expect(await closes(`&as_of=${isoTime(at(3) - 1)}`)).toEqual([]);
    expect(await closes(`&as_of=${isoTime(at(4))}`)).toEqual([101, 101]);
    expect(await closes(`&as_of=${isoTime(at(30))}`)).toEqual([90, 101]);
    expect(await closes(`&as_of=${isoTime(at(31))}`)).toEqual([80, 101]);
    expect(await closes(`&as_of=${isoTime(at(31))}&revisions=all`)).toEqual([101, 90, 80, 101]);
  });

  it('takes from as included and to as excluded', async () => {
    await startWith(...[0, 1, 2, 3].map((minute) => barUpdate({ start: at(minute) })));
    await dashboard.hear(openBar({ start: at(4) }), openBar({ start: at(5) }));
    const range = `&from=${isoTime(at(1))}&to=${isoTime(at(5))}`;
    const starts = (await dashboard.items(BARS + range)).map(({ start }) => start);
    expect(starts).toEqual([1, 2, 3, 4].map((minute) => isoTime(at(minute))));
  });

  it.each(['current', 'all'])(
    'goes page by page through everything, once: revisions=%s',
    async (revisions) => {
      await startWith(
        ...[0, 1, 2].flatMap((minute) => [
          barUpdate({ start: at(minute) }),
          barUpdate({ start: at(minute), revision: 1 }),
        ]),
      );
      await dashboard.hear(openBar({ start: at(1), revision: 2 }), openBar({ start: at(3) }));
      const all = await dashboard.items(`${BARS}&revisions=${revisions}`);
      expect(all).toHaveLength(revisions === 'all' ? 8 : 4);
      const seen: unknown[] = [];
      let cursor = '';
      for (let pages = 0; pages < 20; pages++) {
        const path = `${BARS}&revisions=${revisions}&limit=3${cursor}`;
        const { items, next } = (await dashboard.get(path)) as { items: unknown[]; next: string | null };
        seen.push(...items);
        if (next === null) break;
        expect(items).toHaveLength(3);
        cursor = `&cursor=${next}`;
      }
      expect(seen).toEqual(all);
    },
  );
});
