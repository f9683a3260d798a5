import { isoTime } from '../time.js';
import {
  barRows,
  barUpdate,
  metricsUpdate,
  MINUTE_US,
  openBar,
  OPENING_US,
  tickRows,
} from '../testing/rows.js';
import type { Tick } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

const SECOND_US = 1_000_000;
const DAY_US = 1440 * MINUTE_US;
const yesterday = OPENING_US - DAY_US;

let dashboard: RunningDashboard;
afterEach(async () => {
  await dashboard.stop();
});

const startWith = async (...ticks: readonly Tick[]): Promise<void> => {
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish({ next: 100, batch: tickRows(...ticks), watermark: OPENING_US }),
  );
};

describe('GET /api/symbols', () => {
  it('measures the change from the last price of the day before', async () => {
    await startWith(
      { event_time: yesterday, price: 70, lane_offset: 0 },
      { event_time: yesterday + 5, price: 80, lane_offset: 1 },
      { event_time: OPENING_US, price: 90, lane_offset: 2 },
      { event_time: OPENING_US + 1, price: 100, lane_offset: 3 },
      { event_time: OPENING_US + 9, price: 1, lane_offset: 4, verdict: 'future' },
    );
    expect(await dashboard.get('/api/symbols')).toEqual({
      items: [
        {
          symbol: 'AAPL',
          last: 100,
          change: 20,
          changePercent: 25,
          lastEventTime: isoTime(OPENING_US + 1),
          pricePrecision: 2,
          sparkline: [],
          sparklineSeconds: 1,
        },
      ],
      next: null,
    });
  });

  it('measures it from the first price of the day when nothing is known before', async () => {
    await startWith(
      { event_time: OPENING_US + 1, price: 110, lane_offset: 0 },
      { event_time: OPENING_US, price: 100, lane_offset: 1 },
      { event_time: OPENING_US + 1, price: 120, lane_offset: 2 },
    );
    expect(await dashboard.items('/api/symbols')).toMatchObject([
      { last: 120, change: 20, changePercent: 20 },
    ]);
  });

  it('goes on with what the updates say', async () => {
    await startWith({ event_time: OPENING_US, price: 100, lane_offset: 0 });
    const newer = { start: OPENING_US + MINUTE_US, close: 105, lane_offset: 9 };
    await dashboard.hear(openBar({ interval: '5m', close: 7 }), openBar(newer));
    expect(await dashboard.items('/api/symbols')).toMatchObject([
      { last: 105, change: 5, lastEventTime: isoTime(OPENING_US + MINUTE_US) },
    ]);
    await dashboard.hear(metricsUpdate({ as_of: OPENING_US + MINUTE_US + 7, lane_offset: 9 }));
    expect(await dashboard.items('/api/symbols')).toMatchObject([
      { last: 105, lastEventTime: isoTime(OPENING_US + MINUTE_US + 7) },
    ]);
  });

  it('knows a symbol from its updates alone', async () => {
    dashboard = await RunningDashboard.start();
    await dashboard.hear(
      openBar({ symbol: 'NEW', open: 50, close: 52 }),
      openBar({ symbol: 'NEW', start: OPENING_US + MINUTE_US, open: 53, close: 55, lane_offset: 5 }),
    );
    expect(await dashboard.items('/api/symbols')).toMatchObject([
      { symbol: 'NEW', last: 55, change: 5, changePercent: 10 },
    ]);
  });

  it('reads on where the lake has grown', async () => {
    await startWith({ event_time: OPENING_US, price: 100, lane_offset: 0 });
    expect(await dashboard.items('/api/symbols')).toMatchObject([{ last: 100 }]);
    const batch = tickRows({ event_time: OPENING_US, price: 101, lane_offset: 100 });
    await dashboard.lake.publish({ next: 200, batch, watermark: OPENING_US });
    dashboard.letTimePass();
    expect(await dashboard.items('/api/symbols')).toMatchObject([{ last: 101, change: 1 }]);
  });

  it('goes page by page', async () => {
    dashboard = await RunningDashboard.start();
    await dashboard.hear(...['C', 'A', 'B'].map((symbol) => openBar({ symbol })));
    const first = (await dashboard.get('/api/symbols?limit=2')) as { items: unknown; next: string };
    expect(first.items).toMatchObject([{ symbol: 'A' }, { symbol: 'B' }]);
    const second = await dashboard.get(`/api/symbols?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ symbol: 'C' }], next: null });
  });

  it('has the closes of the last minutes, the open one last, and the digits prices are quoted with', async () => {
    const minute = (at: number): number => OPENING_US + at * MINUTE_US;
    const bars = Array.from({ length: 70 }, (_, at) => barUpdate({ start: minute(at), close: 100 + at / 8 }));
    dashboard = await RunningDashboard.start((lake) =>
      lake.publish(
        { next: 100, batch: barRows(...bars), watermark: minute(200) },
        {
          next: 100,
          batch: tickRows({ event_time: minute(69), price: 108.625, lane_offset: 0 }),
          watermark: minute(69),
        },
      ),
    );
    await dashboard.hear(openBar({ start: minute(70), close: 5, lane_offset: 200 }));
    const [quote] = await dashboard.items('/api/symbols');
    expect(quote).toMatchObject({ last: 5, pricePrecision: 3, sparklineSeconds: 60 });
    const sparkline = quote?.['sparkline'] as readonly { time: string; close: number }[];
    expect(sparkline.map(({ close }) => close)).toEqual([...bars.slice(11).map(({ close }) => close), 5]);
    expect(sparkline.at(-1)?.time).toBe(isoTime(minute(70)));
  });

  it('has the closes of the last seconds while there are few minutes', async () => {
    const second = (at: number): number => OPENING_US + at * SECOND_US;
    const bars = Array.from({ length: 3 }, (_, at) =>
      barUpdate({ interval: '1s', start: second(at), close: 100 + at }),
    );
    const minutes = barUpdate({ start: OPENING_US - MINUTE_US, close: 99 });
    dashboard = await RunningDashboard.start((lake) =>
      lake.publish(
        { next: 100, batch: barRows(minutes, ...bars), watermark: second(3) },
        {
          next: 100,
          batch: tickRows({ event_time: second(2), price: 102, lane_offset: 0 }),
          watermark: second(2),
        },
      ),
    );
    await dashboard.hear(openBar({ interval: '1s', start: second(3), close: 103, lane_offset: 200 }));
    expect(await dashboard.items('/api/symbols')).toMatchObject([
      {
        sparkline: [0, 1, 2, 3].map((at) => ({ time: isoTime(second(at)), close: 100 + at })),
        sparklineSeconds: 1,
      },
    ]);
  });
});
