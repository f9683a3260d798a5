import { EngineProcess } from './engine.js';
import type { EngineExit, Environment } from './engine.js';
import { scrape } from './app-metrics.js';
import { positionsIn } from './lane-positions.js';
import { freePort } from './ports.js';
import { isStopped } from './processes.js';
import { repositoryRoot } from './repository.js';
import type { App } from './progress-meter.js';
import { until } from './until.js';

/** One instance of an app, as it would run in a container of its own. */
export class AppInstance {
  #isFrozen = false;

  protected constructor(
    readonly app: App,
    private readonly process: EngineProcess,
    private readonly port: number,
  ) {}

  /** Returns as soon as the process is there. `env` must have the data folder. */
  static async start(app: App, env: Environment): Promise<AppInstance> {
    return new AppInstance(app, ...(await startProcess(app, env)));
  }

  get pid(): number {
    return this.process.pid;
  }

  get exited(): Promise<EngineExit> {
    return this.process.exited;
  }

  get hasExited(): boolean {
    return this.process.hasExited;
  }

  /** Stopped as if it had died, and not woken since. */
  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** All it has said so far. */
  get output(): string {
    return this.process.output;
  }

  /** How often it has said that something went wrong. */
  get warnings(): number {
    return this.output.split('"level":"warn"').length - 1;
  }

  get complaint(): string {
    return this.process.complaint;
  }

  /** What it tells Prometheus; empty while it does not answer. */
  metrics(): Promise<string> {
    return scrape(`http://127.0.0.1:${this.port}`);
  }

  /** The lanes that are its own, as it says itself. */
  async lanes(): Promise<number[]> {
    return [...(await this.positions()).keys()];
  }

  /** How far it has come in each of its lanes. */
  async positions(): Promise<ReadonlyMap<number, number>> {
    if (this.hasExited) throw new Error(`${this.app} ended: ${this.complaint}`);
    return positionsIn(await this.metrics());
  }

  /** Resolves when it stands still; to false when it has ended instead. */
  async stop(): Promise<boolean> {
    this.#isFrozen = true;
    this.process.kill('SIGSTOP');
    await until(`${this.app} stands still`, () => this.hasExited || isStopped(this.process.pid));
    return !this.hasExited;
  }

  wake(): void {
    this.#isFrozen = false;
    this.process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.process.stop('SIGKILL');
  }

  /** A clean end: exit code 0. */
  async end(): Promise<number | null> {
    return (await this.process.stop('SIGTERM')).code;
  }
}

/** The process, and where it listens. It runs what `engine up` would run: the app's bundle, where there is one. */
export async function startProcess(app: App, env: Environment): Promise<[EngineProcess, number]> {
  const port = await freePort();
  const { entryOf } = (await import(`${repositoryRoot}apps/cli/dist/up/app-entry.js`)) as AppEntry;
  const settings = { ...env, HTTP_PORT: String(port), LOG_FORMAT: 'json' };
  return [EngineProcess.run(entryOf(app), [], settings), port];
}

interface AppEntry {
  readonly entryOf: (app: App) => string;
}
