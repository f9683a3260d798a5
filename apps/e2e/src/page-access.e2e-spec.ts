import { gzipSync } from 'node:zlib';
import { seriousFindings } from './page/accessibility.js';
import { quickBars, RunningPage } from './page/running-page.js';
import { describeWithChromium } from './support/browser.js';
import { until } from './support/until.js';

const wide = { viewport: { width: 1440, height: 900 } };
const LIVE = ['watch-list', 'chart', 'pipeline', 'gold', 'ticks'] as const;

describeWithChromium('everyone can use the page', () => {
  let running: RunningPage;

  beforeAll(async () => {
    running = await RunningPage.start('access', [], quickBars);
    await until('there is a bar', async () => {
      const { items } = await running.get<{ items: unknown[] }>('/api/bars?symbol=AAPL&interval=1s');
      return items.length > 20;
    });
  });
  afterAll(() => running.stop());

  it.each([
    ['light', { ...wide, colorScheme: 'light' as const }],
    ['dark', { ...wide, colorScheme: 'dark' as const }],
    ['narrow', { viewport: { width: 375, height: 812 }, colorScheme: 'light' as const }],
  ])('axe finds nothing serious in %s, nothing overflows', async (name, options) => {
    const shown = await running.open(options);
    await shown.untilAll('ok', LIVE);
    await shown.page.getByRole('button', { name: 'Bars as a table' }).click();
    expect(await seriousFindings(shown.page)).toEqual([]);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
    await shown.page.getByRole('button', { name: 'Hide the table' }).click();
    await shown.screenshot(name);
    await shown.close();
  });

  it('axe does find something in a page that has it', async () => {
    const shown = await running.open(wide);
    await shown.untilAll('ok', LIVE);
    await shown.page.evaluate(() => {
      document.querySelector('main')!.append(document.createElement('button'));
    });
    expect((await seriousFindings(shown.page)).join()).toContain('button-name');
    await shown.close();
  });

  it('is used with the keyboard alone', async () => {
    const shown = await running.open(wide);
    const { page } = shown;
    await shown.untilAll('ok', LIVE);
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
    const tabTo = (what: string): Promise<unknown> =>
      until(`Tab has reached "${what}"`, async () => {
        await page.keyboard.press('Tab');
        return (
          (await focused()) === what ||
          (await page.evaluate(() => document.activeElement?.ariaLabel)) === what
        );
      });

    await tabTo('AAPL');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('MSFT');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^MSFT / }).waitFor();
    expect(new URL(page.url()).searchParams.get('symbol')).toBe('MSFT');

    await until('Tab has reached the interval', async () => {
      await page.keyboard.press('Tab');
      return page.evaluate(() => (document.activeElement as HTMLInputElement).value === '1s');
    });
    await page.keyboard.press('ArrowRight');
    await until('the interval is chosen', () => new URL(page.url()).searchParams.get('interval') === '1m');
    await page.keyboard.press('ArrowLeft');
    await shown.panel('chart', 'ok').waitFor();

    await page.locator('.chart').focus();
    const legend = page.locator('.legend');
    await page.keyboard.press('ArrowLeft');
    const pointed = async (): Promise<number> =>
      Date.parse((await legend.getAttribute('data-bar-start')) ?? '');
    const first = await pointed();
    await page.keyboard.press('ArrowLeft');
    await until('the bar before is pointed at', async () => (await pointed()) < first);
    await page.keyboard.press('Escape');
    await page.keyboard.press('PageUp');
    await page.getByRole('button', { name: 'To real time' }).waitFor();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'To real time' }).waitFor({ state: 'detached' });

    await tabTo('Bars as a table');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Bars of MSFT, newest first' }).waitFor();
    await shown.close();
  });

  it('keeps the view in the address: reload, back', async () => {
    const shown = await running.open({ ...wide, query: '?symbol=MSFT&interval=1m&style=line' });
    const { page } = shown;
    await shown.panel('chart', 'ok').waitFor();
    expect(await page.getByRole('radio', { name: '1m' }).isChecked()).toBe(true);
    expect(await page.getByRole('radio', { name: 'Line' }).isChecked()).toBe(true);
    await page.getByRole('link', { name: 'TSLA' }).first().click();
    await page.getByRole('heading', { name: /^TSLA / }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: /^TSLA / }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: /^MSFT / }).waitFor();
    await shown.screenshot('line');
    await shown.close();
  });

  it('has one named time zone, and shows the same instant in the other', async () => {
    const shown = await running.open(wide);
    await shown.panel('gold', 'ok').waitFor();
    await shown.page.getByRole('button', { name: 'Pause' }).click();
    const cell = shown.panel('gold').locator('tbody time').first();
    const [iso, local] = [await cell.getAttribute('title'), await cell.textContent()];
    await shown.page.getByRole('radio', { name: 'UTC' }).check();
    expect(await cell.textContent()).toBe(iso?.slice(11, 19));
    expect(await cell.textContent()).not.toBe(local);
    expect(await cell.getAttribute('title')).toBe(iso);
    await shown.close();
  });

  it('asks nobody but the dashboard, and nothing is against its policy', async () => {
    const shown = await running.open(wide);
    await shown.untilAll('ok', LIVE);
    await shown.page.getByRole('radio', { name: 'Line' }).check();
    await shown.page.getByRole('radio', { name: 'Dark' }).check();
    expect(shown.complaints).toEqual([]);
    expect(shown.foreignRequests).toEqual([]);
    // The policy holds, and a breach would have been heard of.
    await shown.page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);
    });
    await until('the breach is told', () =>
      shown.complaints.some((text) => text.includes('Content Security Policy')),
    );
    await shown.close();
  });

  it('comes in less than 300 kB, compressed', async () => {
    const bodies: Promise<Buffer>[] = [];
    const shown = await running.open({
      ...wide,
      before: async (page) => {
        await Promise.resolve();
        page.on('response', (response) => {
          if (!response.url().includes('/api/')) bodies.push(response.body());
        });
      },
    });
    await shown.untilAll('ok', LIVE);
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length);
    expect(sizes.length).toBeGreaterThanOrEqual(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(300_000);
    await shown.close();
  });
});
