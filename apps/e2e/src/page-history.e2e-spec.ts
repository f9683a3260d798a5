import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '@engine/oracle';
import type { DashboardPage } from './page/dashboard-page.js';
import { quickBars, RunningPage } from './page/running-page.js';
import { describeWithChromium } from './support/browser.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

const START_S = 1_700_000_000;
/** More than two pages of the chart's history; now and then a second without a tick, of which there is no bar. */
const SECONDS = Array.from({ length: 1_400 }, (_, at) => START_S + at).filter((second) => second % 50 !== 7);
/** What the page asks for bars with that start before the oldest it has. */
const OLDER = /\/api\/bars\?.*\bto=/;
const BARS = '/api/bars?symbol=AAPL&interval=1s';

function ticksFile(): string {
  const file = join(tempFolder('history-ticks'), 'ticks.jsonl');
  const lines = SECONDS.map((timestamp, id) =>
    JSON.stringify({ ticker: 'AAPL', price: 100 + Math.sin(id / 20), timestamp, size: 1, id }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

describeWithChromium('scrolling back', () => {
  let running: RunningPage;
  let shown: DashboardPage;
  let letOlderCome: () => void;

  beforeAll(async () => {
    running = await RunningPage.start('history', ['--file', ticksFile(), '--speed', 'max'], quickBars);
    await until('all bars are there', async () => {
      const { items } = await running.get<{ items: Row[] }>(`${BARS}&limit=5000`);
      return items.length === SECONDS.length;
    });
    const olderMayCome = new Promise<void>((resolve) => (letOlderCome = resolve));
    shown = await running.open({
      query: '?symbol=AAPL&interval=1s',
      viewport: { width: 1440, height: 900 },
      before: (page) =>
        page.route(OLDER, async (route) => {
          await olderMayCome;
          await route.continue();
        }),
    });
    await shown.panel('chart', 'ok').waitFor();
  });
  afterAll(() => running.stop());

  /** Start of the bar in the middle of the chart, where the mouse is; `dy`: where on its height, px from the middle. */
  async function startInTheMiddle(dy: number): Promise<string | null> {
    const box = await shown.page.locator('.chart').boundingBox();
    if (box === null) throw new Error('There is no chart');
    await shown.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + dy);
    return shown.page.locator('.legend').getAttribute('data-bar-start');
  }

  async function scrollBackUntilOlderAreAsked(): Promise<void> {
    let isAsked = false;
    void shown.page.waitForRequest(OLDER, { timeout: 0 }).then(() => (isAsked = true));
    await shown.page.locator('.chart').focus();
    // A key that comes before the chart has taken up its work moves nothing.
    await until('older bars are asked for', async () => {
      if (!isAsked) await shown.page.keyboard.press('PageUp');
      return isAsked;
    });
  }

  it('loads older bars without moving what is looked at', async () => {
    await scrollBackUntilOlderAreAsked();
    const before = await until('a bar is pointed at', async () => {
      const start = await startInTheMiddle(0);
      return start !== isoOf(SECONDS.at(-1)) && start !== null && start;
    });
    const answered = shown.page.waitForResponse(OLDER);
    letOlderCome();
    await (await answered).finished();
    await until('the older bars are drawn', async () => (await walkBack(700)).length === 700);
    await shown.page.keyboard.press('Escape');
    const after = [await startInTheMiddle(20), await startInTheMiddle(-20)];
    expect(after).toEqual([before, before]);
  });

  it('has no hole, and every bar once, from the newest to the very first', async () => {
    await until('the first bar is there', async () => {
      await shown.page.locator('.chart').focus();
      for (let press = 0; press < 12; press++) await shown.page.keyboard.press('PageUp');
      return (await walkBack(SECONDS.length)).length === SECONDS.length;
    });
    expect(await walkBack(SECONDS.length + 10)).toEqual(SECONDS.toReversed().map(isoOf));
    expect(shown.complaints).toEqual([]);
  });

  /** Starts of the bars that one meets with the left arrow, from the newest on; each once, `count` at most. */
  async function walkBack(count: number): Promise<readonly string[]> {
    await shown.page.locator('.chart').focus();
    await shown.page.keyboard.press('Escape');
    return shown.page.locator('.chart').evaluate(async (chart, most) => {
      const starts: string[] = [];
      for (;;) {
        chart.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
        await new Promise((resolve) => setTimeout(resolve));
        const start = document.querySelector('.legend')?.getAttribute('data-bar-start') ?? '';
        if (start === starts.at(-1) || starts.length === most) return starts;
        starts.push(start);
      }
    }, count);
  }

  const isoOf = (second: number | undefined): string =>
    new Date((second ?? 0) * 1_000).toISOString().replace('Z', '000Z');
});
