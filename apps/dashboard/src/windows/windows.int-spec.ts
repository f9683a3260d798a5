import { silverWindows } from '@engine/medallion';
import { batchOf, MINUTE_US, OPENING_US } from '../testing/rows.js';
import { RunningDashboard } from '../testing/running-dashboard.js';

const window = (half: number, differently: object = {}): object => ({
  symbol: 'AAPL',
  window_start: OPENING_US + (half * MINUTE_US) / 2,
  window_end: OPENING_US + (half * MINUTE_US) / 2 + MINUTE_US,
  revision: 0,
  ticks: 1,
  sma: half,
  volatility: null,
  first_offset: 0,
  last_offset: 3,
  ...differently,
});

let dashboard: RunningDashboard;
beforeAll(async () => {
  const rows = [
    ...[0, 1, 2, 3, 4].map((half) => window(half)),
    window(2, { revision: 1, sma: 2.5, ticks: 2, volatility: 0.5 }),
    window(1, { symbol: 'MSFT', sma: 99 }),
  ];
  dashboard = await RunningDashboard.start((lake) =>
    lake.publish({ next: 10, batch: batchOf(silverWindows, rows), watermark: OPENING_US }),
  );
});
afterAll(async () => {
  await dashboard.stop();
});

const smas = async (query: string): Promise<readonly unknown[]> =>
  (await dashboard.items(`/api/windows?symbol=AAPL${query}`)).map(({ sma }) => sma);

describe('GET /api/windows', () => {
  it('shows of each window the newest revision, as silver/windows has it', async () => {
    const windows = await dashboard.items('/api/windows?symbol=AAPL');
    expect(windows.map(({ sma }) => sma)).toEqual([0, 1, 2.5, 3, 4]);
    expect(windows[2]).toEqual({
      symbol: 'AAPL',
      window_start: '2024-03-01T09:31:00.000000Z',
      window_end: '2024-03-01T09:32:00.000000Z',
      revision: 1,
      ticks: 2,
      sma: 2.5,
      volatility: 0.5,
      first_offset: 0,
      last_offset: 3,
    });
  });

  it.each([
    ['', [0, 1, 2.5, 3, 4]],
    ['&order=desc', [4, 3, 2.5, 1, 0]],
  ])('pages through them %s', async (order, all) => {
    const { items, next } = (await dashboard.get(`/api/windows?symbol=AAPL&limit=3${order}`)) as {
      items: readonly { sma: number }[];
      next: string;
    };
    const rest = await smas(`&limit=3${order}&cursor=${next}`);
    expect([...items.map(({ sma }) => sma), ...rest]).toEqual(all);
  });

  it('keeps to the times asked for, the end excluded', async () => {
    expect(await smas('&from=2024-03-01T09:30:30Z&to=2024-03-01T09:31:30Z')).toEqual([1, 2.5]);
  });
});
