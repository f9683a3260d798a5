import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { repositoryRoot } from '../support/repository.js';

export const PANELS = ['watch-list', 'chart', 'pipeline', 'gold', 'ticks', 'quarantine'] as const;
export type PanelName = (typeof PANELS)[number];
export type PanelState = 'loading' | 'ok' | 'empty' | 'stale' | 'error';

const screenshots = `${repositoryRoot}tmp/screenshots`;
/** A bound for a broken page on a busy machine, not a measure of a slow one. */
const PATIENCE_MS = 90_000;

/** The web page in a browser of its own, and everything it complained of. */
export class DashboardPage {
  /** Errors of the page, and what its Content-Security-Policy refused. */
  readonly complaints: string[] = [];
  /** Requests to anybody but the dashboard. */
  readonly foreignRequests: string[] = [];

  private constructor(
    readonly page: Page,
    address: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (message) => {
      // The machine's networks come and go (containers beside us): that is not the page's doing.
      if (message.type() === 'error' && !message.text().includes('ERR_NETWORK_CHANGED'))
        this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(address)) this.foreignRequests.push(request.url());
    });
  }

  static async open(browser: Browser, address: string, options: OpenOptions = {}): Promise<DashboardPage> {
    const { query = '', before, ...context } = options;
    const page = await browser.newPage({ timezoneId: 'Europe/Berlin', ...context });
    const opened = new DashboardPage(page, address);
    await before?.(page);
    await page.goto(`${address}/${query}`);
    return opened;
  }

  panel(name: PanelName, state?: PanelState): Locator {
    return this.page.locator(`[data-panel="${name}"]${state === undefined ? '' : `[data-state="${state}"]`}`);
  }

  /** Waits until the panels are in the state. */
  async untilAll(state: PanelState, panels: readonly PanelName[] = PANELS): Promise<void> {
    for (const name of panels) await this.panel(name, state).waitFor();
  }

  /** The cells of a panel's table, row by row, under their headers; a cell that is a time as ISO-8601. */
  async rows(panel: PanelName): Promise<Readonly<Record<string, string>>[]> {
    const table = this.panel(panel).locator('.table-scroll > table').first();
    return table.evaluate((element) => {
      const textOf = (cell: Element): string =>
        cell.querySelector('time')?.getAttribute('datetime') ?? cell.textContent.trim();
      const headers = [...element.querySelectorAll('thead th')].map(textOf);
      return [...element.querySelectorAll('tbody tr')].map((row) =>
        Object.fromEntries([...row.children].map((cell, at) => [headers[at] ?? '', textOf(cell)])),
      );
    });
  }

  /** Into `tmp/screenshots`, the whole page, for people to look at. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({
      path: `${screenshots}/${name}.png`,
      fullPage: true,
      animations: 'disabled',
    });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

export interface OpenOptions extends BrowserContextOptions {
  /** Of the address, with its question mark. */
  readonly query?: string;
  /** What to prepare before the page is asked for. */
  readonly before?: (page: Page) => Promise<unknown>;
}
