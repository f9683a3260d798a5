import { descendants, commandOf, isRunning, killAll } from './processes.js';
import type { EngineProcess } from './engine.js';
import type { App, ProgressMeter } from './progress-meter.js';
import { until } from './until.js';

/** An app, or all processes of the engine at one time. */
export type Victim = App | 'everything';

export const apps: readonly App[] = ['producer', 'bronze', 'silver', 'gold'];

/** For a machine that is busy otherwise. */
const PATIENCE_MS = 300_000;
/** To look how far an app has come costs some ms; soon enough to find it at work. */
const POLL_MS = 100;

/** A kill, and what it hit. */
export interface Kill {
  readonly victim: Victim;
  /** How much the victim had got done since a kill before: records sent, or rows published. */
  readonly progress: number;
  /** Apps that had work in hand which died with them. */
  readonly hit: readonly App[];
}

/** Processes that are killed at one time. */
export interface Quarry {
  readonly pids: readonly number[];
  /** What they are at work on; undefined: all lanes of their layer. */
  readonly lanes?: readonly number[];
}

/** Where the victims are. */
export interface Prey {
  /** Throws when it has ended by itself. */
  check(): void;
  /** undefined: there is none to be killed at present. */
  find(victim: Victim): Promise<Quarry | undefined>;
  /** What there is to say when nothing goes on. */
  readonly complaint: string;
}

/** `engine up` and its children. */
export const preyOf = (engine: EngineProcess): Prey => ({
  check: () => {
    if (engine.hasExited) throw new Error(`The engine ended by itself: ${engine.complaint}`);
  },
  find: (victim) => {
    const pids = pidsOf(engine, victim);
    return Promise.resolve(pids.length > 0 ? { pids } : undefined);
  },
  get complaint() {
    return engine.complaint;
  },
});

/** Per app, the ends of what it has to read. */
type InHand = ReadonlyMap<App, readonly number[]>;

const victimsOf = (victim: Victim): readonly App[] => (victim === 'everything' ? apps : [victim]);

const appOf = (victim: Victim): App => (victim === 'everything' ? 'silver' : victim);

/** Kills processes of an engine in the middle of their work, and tells whether it was. */
export class Killer {
  readonly kills: Kill[] = [];
  /** Per app, from how much on its progress counts. */
  readonly #marks = new Map<App, number>();

  constructor(
    private readonly meter: ProgressMeter,
    /** Records that the producer has to send in all. */
    private readonly records: number,
    /** From when on a victim's progress counts: from the last kill of whomever, or from its own, where several are killed at one time. */
    private readonly since: 'any kill' | 'its own kill' = 'any kill',
  ) {}

  /**
   * Waits until the victim has got `progress` done since a kill before and has more in hand, and kills it. Throws when the
   * prey ends before. A kill that came a moment too late, when nothing was left in hand, has hit nothing.
   */
  async kill(prey: Prey, victim: Victim, progress: number): Promise<Kill> {
    const done = await this.#untilGrown(prey, appOf(victim), progress);
    const atWork = () => this.#atWork(prey, victim);
    const { pids, lanes, inHand } = await until(`${victim} is at work`, atWork, PATIENCE_MS, POLL_MS);
    killAll(pids);
    await until(`${victim} is dead`, () => !pids.some(isRunning));
    const kill = { victim, progress: done, hit: await this.#lost(inHand, lanes) };
    this.kills.push(kill);
    const marked = this.since === 'any kill' ? apps : victimsOf(victim);
    for (const app of marked) this.#marks.set(app, await this.meter.done(app));
    return kill;
  }

  async #untilGrown(prey: Prey, app: App, progress: number): Promise<number> {
    const before = this.#marks.get(app) ?? 0;
    const grown = async (): Promise<number | false> => {
      prey.check();
      const more = (await this.meter.done(app)) - before;
      return more >= progress && more;
    };
    try {
      return await until(`${app} has grown by ${progress} since ${before}`, grown, PATIENCE_MS, POLL_MS);
    } catch (error) {
      const progress = JSON.stringify([...(await this.#progress())]);
      throw new Error(`${String(error)}; by now ${progress}; ${prey.complaint}`, { cause: error });
    }
  }

  async #progress(): Promise<Map<App, number>> {
    const progress = new Map<App, number>();
    for (const app of apps) progress.set(app, await this.meter.done(app));
    return progress;
  }

  /** Somebody to be killed who has something in hand: the ends of what the victims have to read at this moment. */
  async #atWork(prey: Prey, victim: Victim): Promise<(Quarry & { readonly inHand: InHand }) | false> {
    prey.check();
    const quarry = await prey.find(victim);
    if (quarry === undefined) return false;
    const inHand = new Map<App, readonly number[]>();
    for (const app of victimsOf(victim))
      inHand.set(app, app === 'producer' ? [] : await this.meter.inputEnds(app));
    const app = appOf(victim);
    return (await this.#isUnfinished(app, inHand.get(app)!, quarry.lanes)) && { ...quarry, inHand };
  }

  /** The apps that died before all was published that they had to read, or all sent. */
  async #lost(inHand: InHand, lanes: Quarry['lanes']): Promise<App[]> {
    const lost: App[] = [];
    for (const [app, ends] of inHand) if (await this.#isUnfinished(app, ends, lanes)) lost.push(app);
    return lost;
  }

  async #isUnfinished(app: App, inputEnds: readonly number[], lanes: Quarry['lanes']): Promise<boolean> {
    if (app === 'producer') return (await this.meter.done('producer')) < this.records;
    const behind = await this.meter.behind(app, inputEnds);
    return behind.some((lane) => lanes?.includes(lane) ?? true);
  }
}

function pidsOf(engine: EngineProcess, victim: Victim): number[] {
  const children = descendants(engine.pid);
  if (victim === 'everything') return [engine.pid, ...children];
  return children.filter((pid) => commandOf(pid).includes(`apps/${victim}/`));
}
