import { CommandError } from '../usage-error.js';
import { ControlClient } from './control.js';
import { LivenessProbe } from './liveness-probe.js';
import type { AppName, UpPlan } from './plan.js';
import { SupervisedApp } from './supervised-app.js';
import type { AppExit } from './supervised-app.js';
import { drain } from './until-idle.js';

/** Upstream first: what an app has sent before it stopped is processed by those that stop after it. */
const STOP_ORDER: readonly AppName[] = ['producer', 'bronze', 'silver', 'gold', 'dashboard'];

/** Starts the apps of a plan, keeps them running, and stops them in order. */
export class Supervisor {
  readonly #apps = new Map<AppName, SupervisedApp>();
  readonly #stopping = new AbortController();
  readonly #failed: Promise<never>;
  #fail: (error: CommandError) => void = () => undefined;

  constructor(
    private readonly plan: UpPlan,
    private readonly say: (line: string) => void,
  ) {
    this.#failed = new Promise<never>((_, reject) => (this.#fail = reject));
    // A failure nobody waits for yet is told by the next `start` or `untilIdle`.
    this.#failed.catch(() => undefined);
  }

  /** Resolves when every app is at work; rejects when one cannot start. */
  async start(): Promise<void> {
    for (const app of this.plan.apps) this.#startApp(app);
    await Promise.race([this.#failed, Promise.all([...this.#apps.values()].map((app) => app.started))]);
  }

  /** Rejects when an app fails for good; never resolves. */
  get failed(): Promise<never> {
    return this.#failed;
  }

  url(app: AppName): string {
    return `http://${this.plan.host}:${this.plan.ports[app] ?? 0}`;
  }

  /** Resolves when the feed has ended, everything is processed and closed. */
  async untilIdle(): Promise<void> {
    const control = new ControlClient(this.plan.controlToken, this.#stopping.signal, this.say);
    await Promise.race([this.#failed, drain(control, (app) => this.url(app))]);
  }

  /** Stops all apps cleanly, each after the one before it in the pipeline. Throws when one did not stop cleanly. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The engine is being stopped'));
    const unclean: AppExit[] = [];
    // Publishing is most of a stop after much work, and need not wait for its turn.
    for (const app of this.#apps.values()) app.announceStop();
    for (const name of STOP_ORDER) {
      const exit = await this.#apps.get(name)?.stop();
      if (exit !== undefined && exit.code !== 0 && !exit.wasStarting) unclean.push(exit);
    }
    if (unclean.length > 0)
      throw new CommandError(
        `Did not stop cleanly: ${unclean.map(describeExit).join(', ')}; their last log lines say why`,
        unclean.every(({ code }) => code === 75) ? 75 : 70,
      );
  }

  #startApp(name: AppName): void {
    const { host, ports, env } = this.plan;
    const app = SupervisedApp.start(name, host, ports[name] ?? 0, env);
    this.#apps.set(name, app);
    const watch = new LivenessProbe(app.url, (reason) => {
      this.#onStalled(app, reason);
    });
    watch.start();
    void app.exited.then((exit) => {
      watch.stop();
      this.#onExit(exit);
    });
  }

  /** As an orchestrator would: what hangs is ended and started again. It goes on where it was, and nothing is lost by it. */
  #onStalled(app: SupervisedApp, reason: string): void {
    if (this.#stopping.signal.aborted) return;
    this.say(`${app.name} is stalled (${reason}): ending it`);
    app.kill();
  }

  /** An app that was killed from outside is started again (nothing is lost by it); one that gave up had a reason. */
  #onExit(exit: AppExit): void {
    if (this.#stopping.signal.aborted) return;
    if (exit.signal === null) {
      this.#fail(
        new CommandError(
          `${describeExit(exit)}; its last log lines say why`,
          exit.code === 78 || exit.code === 75 ? exit.code : 70,
        ),
      );
      return;
    }
    this.say(`${describeExit(exit)}: starting it again`);
    this.#startApp(exit.name);
  }
}

function describeExit({ name, code, signal }: AppExit): string {
  return signal === null
    ? `${name} ended with exit code ${code ?? 'unknown'}`
    : `${name} was ended by ${signal}`;
}
