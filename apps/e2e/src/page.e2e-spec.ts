import { currentBars } from './checks/columns.js';
import type { DashboardPage } from './page/dashboard-page.js';
import { quickBars, RunningPage } from './page/running-page.js';
import { shownNumber } from './page/shown-number.js';
import { describeWithChromium } from './support/browser.js';
import type { Row } from '@engine/oracle';
import { withLake } from './support/lake.js';
import { until } from './support/until.js';

const FIGURES = {
  open: 'Open',
  high: 'High',
  low: 'Low',
  close: 'Close',
  volume: 'Volume',
  ticks: 'Ticks',
} as const;

describeWithChromium('the page over a running engine', () => {
  let running: RunningPage;
  let shown: DashboardPage;

  beforeAll(async () => {
    running = await RunningPage.start('page', [], quickBars);
    shown = await running.open({ query: '?symbol=AAPL&interval=1s', viewport: { width: 1440, height: 900 } });
    await shown.untilAll('ok', ['watch-list', 'chart', 'pipeline', 'gold', 'ticks']);
  });
  afterAll(() => running.stop());

  const lastPrices = async (): Promise<string> =>
    (await shown.rows('watch-list')).map((row) => row['Last'] ?? '').join();

  it('moves by itself: prices, the bar that forms, ticks', async () => {
    const legend = shown.page.locator('.legend');
    const before = {
      prices: await lastPrices(),
      bar: await legend.textContent(),
      tick: (await shown.rows('ticks'))[0],
    };
    await until('prices have moved', async () => (await lastPrices()) !== before.prices);
    await until('the bar has moved', async () => (await legend.textContent()) !== before.bar);
    await until(
      'ticks have come',
      async () => (await shown.rows('ticks'))[0]?.['Time'] !== before.tick?.['Time'],
    );
  });

  it('shows the pipeline as bronze, silver and gold, each with its state and a reason', async () => {
    const layers = shown.panel('pipeline').locator('.layer');
    expect(await layers.locator('h3').allTextContents()).toEqual(['Bronze', 'Silver', 'Gold']);
    for (const layer of await layers.all()) {
      expect(await layer.locator('[data-field="state"]').textContent()).toMatch(
        /Current|Waiting|Behind|Stalled/,
      );
      expect(await layer.locator('.reason').textContent()).not.toBe('');
    }
  });

  it('shows the bars of the API and of gold_bars, second by second', async () => {
    await shown.page.getByRole('button', { name: 'Bars as a table' }).click();
    const closed = await until('five closed bars are shown', async () => {
      const rows = (await shown.rows('chart')).filter(({ State }) => State === 'final');
      return rows.length >= 5 && rows;
    });
    const inLake = await until('gold_bars has them all', async () => {
      const stored = new Map((await goldBars('AAPL')).map((bar) => [bar['start'], bar]));
      const found = closed.map(({ Start }) => stored.get(Date.parse(Start ?? '') * 1_000));
      return found.every((bar) => bar !== undefined) && found;
    });
    const { items } = await running.get<{ items: Row[] }>('/api/bars?symbol=AAPL&interval=1s&limit=5000');
    for (const [at, row] of closed.entries()) {
      const answered = items.find(({ start }) => start === row['Start']);
      for (const [figure, header] of Object.entries(FIGURES)) {
        const shownFigure = [row['Start'], figure, shownNumber(row[header])];
        expect(shownFigure).toEqual([row['Start'], figure, answered?.[figure]]);
        expect(shownFigure).toEqual([row['Start'], figure, inLake[at]?.[figure]]);
      }
    }
  });

  it('shows no metrics but those that gold has made', async () => {
    await shown.page.getByRole('button', { name: 'Pause' }).click();
    const rows = await shown.rows('gold');
    expect(rows.map(({ Symbol }) => Symbol)).toEqual(['AAPL', 'MSFT', 'TSLA']);
    const ticks = await until('silver/ticks has reached what is shown', async () => {
      const counts = await acceptedUntil(
        new Map(rows.map((row) => [row['Symbol'] ?? '', row['As of'] ?? ''])),
      );
      return (
        rows.every((row) => (counts.get(row['Symbol'] ?? '') ?? 0) >= shownNumber(row['Ticks'])) && counts
      );
    });
    // The last tick at a time may be one of several: so many more, at most, are counted.
    for (const row of rows)
      expect((ticks.get(row['Symbol'] ?? '') ?? 0) - shownNumber(row['Ticks'])).toBeLessThan(3);
    await shown.page.getByRole('button', { name: 'Go on' }).click();
  });

  const goldBars = (symbol: string): Promise<Row[]> =>
    withLake(running.dataDir, (lake) =>
      lake.duck.rows(`SELECT * ${currentBars} AND symbol = '${symbol}' AND interval = '1s'`),
    );

  /** By symbol: ticks that silver accepted up to an event time. */
  function acceptedUntil(times: ReadonlyMap<string, string>): Promise<Map<string, number>> {
    return withLake(running.dataDir, async (lake) => {
      const counts = new Map<string, number>();
      for (const [symbol, time] of times) {
        const { n } = await lake.duck.row<{ n: number }>(
          `SELECT count(*) AS n FROM silver_ticks WHERE verdict = 'accepted' AND symbol = '${symbol}'
             AND event_time <= ${Date.parse(time) * 1_000}`,
        );
        counts.set(symbol, n);
      }
      return counts;
    });
  }
});
