import { AppInstance } from '../support/app-instance.js';
import type { EngineExit, Environment } from '../support/engine.js';
import type { Prey, Quarry, Victim } from '../support/killer.js';
import type { App, Layer } from '../support/progress-meter.js';
import { until } from '../support/until.js';

/** For a machine that is busy otherwise. */
const PATIENCE_MS = 300_000;
/** Each look asks instances, and they the broker. */
const POLL_MS = 200;

/** What a fleet is told of its instances. */
export interface FleetSettings {
  /** Of an instance that is about to start. */
  readonly env: (app: App) => Environment | Promise<Environment>;
  /** What comes of them all in the end. */
  readonly onExit: (instance: AppInstance) => void;
}

/** Tells whoever runs an app to start it again. */
const TRY_AGAIN = 75;

/** Instances of the apps, kept running as an orchestrator would: whatever ends by itself or is killed is started again. */
export class Fleet implements Prey {
  /** Ends that nobody wished for. */
  readonly problems: string[] = [];
  /** Of instances that were asked to go and had to leave rows to the next start. */
  uncleanStops = 0;
  readonly #running = new Set<AppInstance>();
  readonly #dismissed = new Set<AppInstance>();
  #isAbandoned = false;
  #starting: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly settings: FleetSettings,
    private readonly pick: <T>(items: readonly T[]) => T,
  ) {}

  get running(): readonly AppInstance[] {
    return [...this.#running];
  }

  /** Those that do something. */
  awake(app: App): readonly AppInstance[] {
    return this.running.filter((each) => each.app === app && !each.isFrozen && !each.hasExited);
  }

  check(): void {
    if (this.problems.length > 0) throw new Error(this.problems.join('\n\n'));
  }

  get complaint(): string {
    const ends = this.running.map(
      ({ app, pid, isFrozen, complaint }) =>
        `${app} (pid ${pid}${isFrozen ? ', frozen' : ''}): ${complaint.slice(-1_000)}`,
    );
    return ends.join('\n\n');
  }

  async start(app: App): Promise<AppInstance> {
    const instance = await AppInstance.start(app, await this.settings.env(app));
    this.#running.add(instance);
    void instance.exited.then((exit) => this.#ended(instance, exit));
    return instance;
  }

  /** One instance that is at work: a layer's has lanes. */
  async find(victim: Victim): Promise<Quarry | undefined> {
    if (victim === 'everything') return { pids: this.running.map(({ pid }) => pid) };
    const found = await this.#atWork(victim);
    return found && { pids: [found.instance.pid], lanes: found.lanes };
  }

  /** A layer gets one instance more; resolves when it has lanes. */
  async grow(layer: Layer): Promise<void> {
    const instance = await this.start(layer);
    await this.#until(`a new ${layer} has lanes`, async () => (await instance.lanes()).length > 0);
  }

  /** A layer loses one instance, which is asked to go; resolves when it has gone. */
  async shrink(layer: Layer): Promise<void> {
    const { instance } = await this.#until(`a ${layer} is at work`, () => this.#atWork(layer));
    await this.#dismiss(instance);
  }

  /** An instance stands still. What is returned waits until the others have got its lanes, and lets it go on as if nothing had been. */
  async freeze(layer: Layer, lanes: number): Promise<() => Promise<void>> {
    const stopped = async (): Promise<AppInstance | false> => {
      const found = await this.#atWork(layer);
      return found !== undefined && (await found.instance.stop()) && found.instance;
    };
    const instance = await this.#until(`a ${layer} stands still`, stopped);
    return async () => {
      await this.#until(`the others have all lanes of ${layer}`, async () => {
        const others = await Promise.all(this.awake(layer).map((each) => lanesOf(each)));
        return new Set(others.flat()).size === lanes;
      });
      instance.wake();
    };
  }

  /** From now on nothing is started again. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  /** Asks all to stop, those first whom the others read from; resolves when they have. */
  async stop(): Promise<void> {
    this.abandon();
    await this.#starting;
    await this.#until('all have begun', async () => {
      const metrics = await Promise.all(this.running.map((instance) => instance.metrics()));
      return !metrics.includes('');
    });
    for (const app of ['producer', 'bronze', 'silver', 'gold'] as const) {
      const instances = this.running.filter((instance) => instance.app === app);
      await Promise.all(instances.map((instance) => this.#dismiss(instance)));
    }
  }

  /** On a busy machine it may have to leave rows to the next start, and says so by its exit code. */
  async #dismiss(instance: AppInstance): Promise<void> {
    this.#dismissed.add(instance);
    const code = await instance.end();
    if (code === TRY_AGAIN) this.uncleanStops++;
    else if (code !== 0)
      this.problems.push(`${instance.app} was to stop and ended with ${code}: ${instance.complaint}`);
  }

  async #atWork(app: App): Promise<{ instance: AppInstance; lanes: readonly number[] } | undefined> {
    const found = await Promise.all(
      this.awake(app).map(async (instance) => ({ instance, lanes: await lanesOf(instance) })),
    );
    const busy = found.filter(({ lanes }) => app === 'producer' || lanes.length > 0);
    return busy.length > 0 ? this.pick(busy) : undefined;
  }

  async #until<T>(what: string, condition: () => Promise<T>): Promise<Exclude<T, undefined | false>> {
    const checked = (): Promise<T> => {
      this.check();
      return condition();
    };
    try {
      return await until(what, checked, PATIENCE_MS, POLL_MS);
    } catch (error) {
      throw new Error(`${String(error)}; ${this.complaint}`, { cause: error });
    }
  }

  async #ended(instance: AppInstance, { code, signal }: EngineExit): Promise<void> {
    this.#running.delete(instance);
    this.settings.onExit(instance);
    if (this.#dismissed.has(instance) || this.#isAbandoned) return;
    if (signal !== 'SIGKILL' && code !== TRY_AGAIN)
      this.problems.push(`${instance.app} ended by itself with ${code ?? signal}: ${instance.complaint}`);
    const started = this.start(instance.app);
    this.#starting = Promise.all([this.#starting, started]);
    await started;
  }
}

/** None of one that has just ended, or does not answer. */
async function lanesOf(instance: AppInstance): Promise<readonly number[]> {
  return instance.hasExited ? [] : instance.lanes().catch(() => []);
}
