import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { describeWithChromium, launchBrowser } from './support/browser.js';
import { EngineProcess, runEngine, runFile, startUp } from './support/engine.js';
import { repositoryRoot } from './support/repository.js';
import { tempFolder } from './support/temp-folder.js';
import { until } from './support/until.js';

/** Tickers that are names of other things elsewhere. */
const SYMBOLS = ['AAPL', 'a/../../b', 'BTC/USD', '^GSPC', ...Array.from({ length: 16 }, (_, at) => `S${at}`)];
const COUNT = 4_000;

/** A tick a second in all, each symbol's prices known. */
const priceAt = (row: number): number =>
  Number((50 * ((row % SYMBOLS.length) + 1) + Math.sin(row / 50)).toFixed(4));

function writeTicks(file: string): void {
  const lines = Array.from({ length: COUNT }, (_, row) =>
    JSON.stringify({
      ticker: SYMBOLS[row % SYMBOLS.length],
      price: priceAt(row),
      timestamp: 1_700_000_000 + row,
      size: 1,
      id: row,
    }),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
}

describeWithChromium('the report in a browser', () => {
  let folder: string;
  let out: string;
  let browser: Browser;

  beforeAll(async () => {
    folder = tempFolder('report');
    out = join(folder, 'reports', 'first');
    const file = join(folder, 'ticks.jsonl');
    writeTicks(file);
    await runFile(join(folder, 'data'), file);
    const { code, stderr } = await report(join(folder, 'data'), out);
    expect([code, stderr]).toEqual([0, '']);
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const report = (data: string, to: string): ReturnType<typeof runEngine> =>
    runEngine(['report', '--data', data, '--out', to]);

  it.each(['light', 'dark'] as const)(
    'opens offline in %s, asks nobody for anything',
    async (colorScheme) => {
      const page = await browser.newPage({ colorScheme, viewport: { width: 1100, height: 900 } });
      const [requests, complaints]: [string[], string[]] = [[], []];
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(pathToFileURL(join(out, 'index.html')).href);
      const isDrawn = await page
        .locator('img')
        .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth > 0));
      expect(isDrawn).toEqual(Array.from({ length: 1 + 3 * SYMBOLS.length }, () => true));
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !url.startsWith(`${pathToFileURL(out).href}/`))).toEqual([]);
      expect(requests).toHaveLength(1 + isDrawn.length);
      const rows = await page.locator('tbody tr').allInnerTexts();
      for (const [at, symbol] of SYMBOLS.entries()) {
        const cells = rows.find((row) => row.startsWith(`${symbol}\t`))?.split('\t') ?? [];
        const last = COUNT - SYMBOLS.length + at;
        expect(cells.slice(1, 4).map((cell) => Number(cell.replaceAll(',', '')))).toEqual([
          COUNT / SYMBOLS.length,
          priceAt(at),
          priceAt(last),
        ]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      mkdirSync(`${repositoryRoot}tmp/screenshots`, { recursive: true });
      await page.screenshot({
        path: `${repositoryRoot}tmp/screenshots/report-${colorScheme}.png`,
        fullPage: true,
      });
      await page.close();
    },
  );

  it('is dark where the reader likes it dark, pictures too', async () => {
    const darkness = async (colorScheme: 'light' | 'dark'): Promise<number> => {
      const page = await browser.newPage({ colorScheme });
      await page.goto(pathToFileURL(join(out, 'price-AAPL.svg')).href);
      const fill = await page.evaluate(() => getComputedStyle(document.querySelector('rect')!).fill);
      await page.close();
      return Number(/\d+/.exec(fill)?.[0]);
    };
    expect(await darkness('light')).toBe(255);
    expect(await darkness('dark')).toBeLessThan(50);
  });

  it('killed in the middle, it leaves no half folder, and the next one is whole', async () => {
    const parent = join(folder, 'killed');
    mkdirSync(parent);
    const started = EngineProcess.start([
      'report',
      '--data',
      join(folder, 'data'),
      '--out',
      join(parent, 'it'),
    ]);
    await until(
      'pictures are being written',
      () => {
        const [beside] = readdirSync(parent);
        return (
          beside !== undefined && readdirSync(join(parent, beside)).some((name) => name.endsWith('.svg'))
        );
      },
      60_000,
      1,
    );
    await started.stop('SIGKILL');
    expect(readdirSync(parent)).not.toContain('it');
    expect((await report(join(folder, 'data'), join(parent, 'it'))).code).toBe(0);
    expect(readdirSync(join(parent, 'it')).sort()).toEqual(readdirSync(out).sort());
  });

  it('is made while the engine runs, and the doctor finds nothing wrong then', async () => {
    const data = join(folder, 'running');
    const engine = await startUp(data, ['--no-dashboard'], { SEGMENT_MAX_MS: '1000' });
    await until(
      'there is something to report',
      async () => (await report(data, join(data, 'report'))).code === 0,
    );
    expect(engine.hasExited).toBe(false);
    expect(readdirSync(join(data, 'report'))).toContain('index.html');
    const { code, stdout } = await runEngine(['doctor', '--data', data]);
    expect(stdout).toContain(`runs: pid ${engine.pid}`);
    expect([code, stdout]).toEqual([0, expect.not.stringContaining('FAIL')]);
    expect((await engine.stop('SIGTERM')).code).toBe(0);
  });
});
