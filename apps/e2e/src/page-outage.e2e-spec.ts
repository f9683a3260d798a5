import type { DashboardPage } from './page/dashboard-page.js';
import { quickBars, RunningPage } from './page/running-page.js';
import { describeWithChromium } from './support/browser.js';
import type { Row } from '@engine/oracle';
import { until } from './support/until.js';

const SECOND_MS = 1_000;

describeWithChromium('the dashboard goes away and comes back', () => {
  let running: RunningPage;
  let shown: DashboardPage;

  beforeAll(async () => {
    running = await RunningPage.start('outage', [], quickBars);
    shown = await running.open({ query: '?symbol=AAPL&interval=1s', viewport: { width: 1440, height: 900 } });
    await shown.untilAll('ok', ['watch-list', 'chart', 'pipeline', 'gold', 'ticks']);
    await until('there are bars to go back to', async () => {
      const { items } = await running.get<{ items: Row[] }>('/api/bars?symbol=AAPL&interval=1s');
      return items.length > 15;
    });
    await shown.page.evaluate(() => (document.documentElement.dataset['test'] = 'this very page'));
  });
  afterAll(() => running.stop());

  const newestTick = async (): Promise<string> => (await shown.rows('ticks'))[0]?.['Time'] ?? '';

  it.each<[string, NodeJS.Signals, NodeJS.Signals | undefined]>([
    ['is killed, and started again', 'SIGKILL', undefined],
    ['hangs, and goes on', 'SIGSTOP', 'SIGCONT'],
  ])(
    'it %s: every panel says stale with its last picture, then all is live without a hole',
    async (_, end, go) => {
      const lastBefore = await newestTick();
      running.signalDashboard(end);
      await shown.untilAll('stale');
      for (const sign of await shown.page.locator('.sign-stale').all())
        expect(await sign.textContent()).toMatch(/^Stale since \d\d:\d\d:\d\d/);
      expect((await shown.rows('watch-list')).length).toBe(3);
      if (go !== undefined) await shown.screenshot('stale');
      const letBarsCome = await holdBars();
      if (go !== undefined) running.signalDashboard(go);
      await shown.untilAll('ok', ['watch-list', 'pipeline', 'gold', 'ticks']);
      await until('newer ticks have come', async () => (await newestTick()) > lastBefore);
      // News comes again, the bars in between are not there yet: a chart with a hole does not pass for a good one.
      expect(await shown.panel('chart', 'ok').count()).toBe(0);
      await letBarsCome();
      await shown.untilAll('ok', ['chart']);
      expect(await shown.page.locator('html').getAttribute('data-test')).toBe('this very page');
      await expectNoHole(lastBefore);
    },
  );

  /** Keeps answers with bars from the page until the returned function is called. */
  async function holdBars(): Promise<() => Promise<void>> {
    const bars = '**/api/bars?*';
    let letCome = (): void => undefined;
    const mayCome = new Promise<void>((resolve) => (letCome = resolve));
    await shown.page.route(bars, async (route) => {
      await mayCome;
      // The page may have given the request up for a newer one.
      await route.continue().catch(() => undefined);
    });
    return async () => {
      letCome();
      await shown.page.unroute(bars);
    };
  }

  /** Steps through the chart, bar by bar, from the newest to before the outage: its bars are the API's. */
  async function expectNoHole(before: string): Promise<void> {
    const { page } = shown;
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.locator('.chart').focus();
    const end = Date.parse(before) - 5 * SECOND_MS;
    const starts: number[] = [];
    await until('the chart was walked through', async () => {
      await page.keyboard.press('ArrowLeft');
      const start = Date.parse((await page.locator('.legend').getAttribute('data-bar-start')) ?? '');
      if (start !== starts.at(-1)) starts.push(start);
      return start <= end;
    });
    const from = new Date(Math.min(...starts)).toISOString();
    const to = new Date(Math.max(...starts) + 1).toISOString();
    const { items } = await running.get<{ items: Row[] }>(
      `/api/bars?symbol=AAPL&interval=1s&from=${from}&to=${to}`,
    );
    expect(starts.toReversed()).toEqual(items.map(({ start }) => Date.parse(String(start))));
    await page.getByRole('button', { name: 'Go on' }).click();
    await shown.untilAll('ok', ['chart']);
  }
});
