import type { MetricsUpdate } from '@engine/medallion';
import { metricsRows, metricsUpdate, OPENING_US } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

let dashboard: RunningDashboard;
afterEach(async () => {
  await dashboard.stop();
});

const startWith = async (...rows: readonly MetricsUpdate[]): Promise<void> => {
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish({ next: 10, batch: metricsRows(...rows), watermark: OPENING_US }),
  );
};

describe('GET /api/metrics', () => {
  it('shows the newest row of gold/metrics', async () => {
    await startWith(
      metricsUpdate({ ticks: 3 }),
      metricsUpdate({ ticks: 9, vwap: null }),
      metricsUpdate({ ticks: 5 }),
    );
    expect(await dashboard.get('/api/metrics?symbol=AAPL')).toEqual({
      items: [
        {
          symbol: 'AAPL',
          as_of: '2024-03-01T09:30:00.000000Z',
          ticks: 9,
          last_price: 101,
          avg_sma: 100.5,
          avg_volatility: 0.5,
          vwap: null,
          volume: 10,
          high: 102,
          low: 99,
          realized_volatility: 0.01,
          max_drawdown: -0.02,
        },
      ],
      next: null,
    });
  });

  it('prefers an update that counts as many ticks or more, and of updates the newest', async () => {
    await startWith(metricsUpdate({ ticks: 9, last_price: 9 }));
    await dashboard.hear(metricsUpdate({ ticks: 8, last_price: 8 }));
    expect(await dashboard.items('/api/metrics')).toMatchObject([{ last_price: 9 }]);
    await dashboard.hear(
      metricsUpdate({ ticks: 11, last_price: 11, lane_offset: 11 }),
      metricsUpdate({ ticks: 10, last_price: 10, lane_offset: 10 }),
    );
    expect(await dashboard.items('/api/metrics')).toMatchObject([{ last_price: 11 }]);
  });

  it('shows all symbols, page by page, or one', async () => {
    dashboard = await RunningDashboard.start();
    await dashboard.hear(...['B', 'C', 'A'].map((symbol) => metricsUpdate({ symbol })));
    expect(await dashboard.items('/api/metrics?symbol=B')).toMatchObject([{ symbol: 'B' }]);
    const first = (await dashboard.get('/api/metrics?limit=2')) as { items: unknown; next: string };
    expect(first.items).toMatchObject([{ symbol: 'A' }, { symbol: 'B' }]);
    const second = await dashboard.get(`/api/metrics?limit=2&cursor=${first.next}`);
    expect(second).toMatchObject({ items: [{ symbol: 'C' }], next: null });
  });
});
