import type { Browser } from 'playwright-core';
import { launchBrowser } from '../support/browser.js';
import { startUp, untilNoProcessNames } from '../support/engine.js';
import type { EngineProcess, Environment } from '../support/engine.js';
import { freePort } from '../support/ports.js';
import { commandOf, descendants, killAll, processesNaming } from '../support/processes.js';
import { tempFolder } from '../support/temp-folder.js';
import { until } from '../support/until.js';
import { DashboardPage } from './dashboard-page.js';
import type { OpenOptions } from './dashboard-page.js';

/** Bars of a second that close two seconds later: soon there are some to compare. */
export const quickBars: Environment = {
  FEED_RATE: '60',
  FEED_SYMBOLS: 'AAPL,MSFT,TSLA',
  ALLOWED_LATENESS_MS: '2000',
  MAX_FUTURE_MS: '1000',
  IDLE_MS: '1000',
  SEGMENT_MAX_MS: '3000',
};

/** An engine with its dashboard, and a browser to look at it. */
export class RunningPage {
  private constructor(
    readonly dataDir: string,
    readonly address: string,
    private readonly engine: EngineProcess,
    private readonly browser: Browser,
  ) {}

  static async start(name: string, options: readonly string[], env: Environment): Promise<RunningPage> {
    const dataDir = tempFolder(name);
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const engine = await startUp(dataDir, ['--port', String(port), ...options], env);
    await until('the dashboard is ready', async () => {
      if (engine.hasExited) throw new Error(engine.complaint);
      return fetch(`${address}/health/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    });
    return new RunningPage(dataDir, address, engine, await launchBrowser());
  }

  open(options: OpenOptions = {}): Promise<DashboardPage> {
    return DashboardPage.open(this.browser, this.address, options);
  }

  /** The JSON of an answer of the API. */
  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.address}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Sends a signal to the dashboard's process; the engine starts it again when it dies of it. */
  signalDashboard(signal: NodeJS.Signals): void {
    const pid = descendants(this.engine.pid).find((child) =>
      /dashboard\/(bundle\/)?dist\/main\.js/.test(commandOf(child)),
    );
    if (pid === undefined) throw new Error('There is no dashboard among the engine’s processes');
    process.kill(pid, signal);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    // One that a failed test left hanging could not stop.
    this.signalDashboard('SIGCONT');
    await this.engine.stop('SIGTERM');
    killAll(processesNaming(this.dataDir));
    await untilNoProcessNames(this.dataDir);
  }
}
