import type { Page } from 'playwright-core';
import { seriousFindings } from './page/accessibility.js';
import { PANELS } from './page/dashboard-page.js';
import type { DashboardPage, PanelName } from './page/dashboard-page.js';
import { RunningPage } from './page/running-page.js';
import { describeWithChromium } from './support/browser.js';
import { until } from './support/until.js';

const QUOTE = {
  symbol: 'AAPL',
  last: 187.32,
  change: 0.5,
  changePercent: 0.27,
  lastEventTime: '2024-03-01T09:30:00.000000Z',
  pricePrecision: 2,
  sparkline: [],
  sparklineSeconds: 60,
};
/** Each panel's list. The chart and the ticks are asked for once there is a symbol. */
const LISTS: Readonly<Record<PanelName, string>> = {
  'watch-list': 'symbols',
  chart: 'bars',
  pipeline: 'pipeline',
  gold: 'metrics',
  ticks: 'ticks',
  quarantine: 'quarantine',
};
const wide = { viewport: { width: 1440, height: 900 } };

describeWithChromium('the states of every panel', () => {
  let running: RunningPage;
  const pages: DashboardPage[] = [];

  beforeAll(async () => {
    running = await RunningPage.start('states', [], { FEED: 'none' });
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
  });
  afterAll(() => running.stop());

  async function open(before?: (page: Page) => Promise<unknown>): Promise<DashboardPage> {
    const shown = await running.open({
      ...wide,
      query: '?symbol=AAPL&interval=1s',
      ...(before && { before }),
    });
    pages.push(shown);
    return shown;
  }

  it('empty: says why and what to do, and the pipeline shows its three layers waiting', async () => {
    const shown = await open();
    await shown.untilAll('empty', ['watch-list', 'chart', 'gold', 'ticks', 'quarantine']);
    await shown.panel('pipeline', 'ok').waitFor();
    expect(await shown.panel('pipeline').locator('[data-field="state"]').allTextContents()).toEqual([
      'Waiting',
      'Waiting',
      'Waiting',
    ]);
    for (const name of ['watch-list', 'chart', 'gold', 'ticks', 'quarantine'] as const)
      expect(await shown.panel(name).locator('.notice').textContent()).toMatch(/\w{3,}.*\./);
    expect(await shown.panel('watch-list').textContent()).toContain('npx engine ingest');
    expect(await seriousFindings(shown.page)).toEqual([]);
    await shown.screenshot('empty');
  });

  it('loading: until the first answer', async () => {
    const shown = await open((page) => page.route('**/api/**', () => undefined));
    await shown.untilAll('loading');
    for (const name of PANELS)
      expect(await shown.panel(name).getByRole('status').textContent()).toBe('Loading…');
    await shown.screenshot('loading');
    await shown.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('error: says what the API said', async () => {
    const shown = await openFailing();
    await shown.untilAll('error');
    for (const name of PANELS) {
      const sign = shown.panel(name).getByRole('alert');
      expect(await sign.textContent()).toContain('503 Service Unavailable: too many queries');
    }
    expect(await seriousFindings(shown.page)).toEqual([]);
    await shown.screenshot('error');
  });

  it('error: Retry asks at once, even while an answer is awaited', async () => {
    const shown = await openFailing();
    await shown.untilAll('error');
    const asked = new Map<string, number>();
    await shown.page.unrouteAll();
    await shown.page.route(/\/api\/(?!stream)/, (route) => {
      const list = new URL(route.request().url()).pathname;
      asked.set(list, (asked.get(list) ?? 0) + 1);
    });
    // The page tries again by itself; with these requests on their way it asks no more.
    await until('every list is asked for', () => asked.size === PANELS.length);
    for (const name of PANELS) {
      const list = `/api/${LISTS[name]}`;
      const before = asked.get(list) ?? 0;
      await shown.panel(name).getByRole('button', { name: 'Retry' }).click();
      await until(`Retry asks for ${list}`, () => asked.get(list) === before + 1);
    }
    await shown.page.unrouteAll({ behavior: 'ignoreErrors' });
  });

  it('error: mends by itself when the API is well again', async () => {
    const shown = await openFailing();
    await shown.untilAll('error');
    await shown.page.unrouteAll();
    await shown.untilAll('empty', ['watch-list', 'chart', 'gold', 'ticks', 'quarantine']);
    await shown.panel('pipeline', 'ok').waitFor();
  });

  /** Every list is refused; the stream is not. */
  function openFailing(): Promise<DashboardPage> {
    const json = {
      type: 'about:blank',
      title: 'Service Unavailable',
      status: 503,
      detail: 'too many queries',
    };
    return open((page) => page.route(/\/api\/(?!stream)/, (route) => route.fulfill({ status: 503, json })));
  }

  it.each(PANELS)('error of %s alone: keeps its last picture, the others go on', async (name) => {
    let fails = false;
    const shown = await open(async (page) => {
      await page.route(`**/api/symbols*`, (route) => route.fulfill({ json: { items: [QUOTE], next: null } }));
      await page.route(`**/api/${LISTS[name]}*`, (route) =>
        fails ? route.fulfill({ status: 500, json: { title: 'Broken' } }) : route.fallback(),
      );
    });
    await shown.page.locator(`[data-panel="${name}"]:is([data-state="ok"], [data-state="empty"])`).waitFor();
    const picture = (await shown.panel(name).locator('.panel-body').innerText()).slice(0, 20);
    fails = true;
    // Going on after a pause fetches every list anew.
    await shown.page.getByRole('button', { name: 'Pause' }).click();
    await shown.panel(name, 'stale').waitFor();
    await shown.page.getByRole('button', { name: 'Go on' }).click();
    await shown.panel(name, 'error').waitFor();
    expect(await shown.panel(name).getByRole('alert').textContent()).toContain('500 Broken');
    expect((await shown.panel(name).locator('.panel-body').innerText()).slice(0, 20)).toBe(picture);
    expect(await shown.page.locator('[data-state="error"]').count()).toBe(1);
  });
});
