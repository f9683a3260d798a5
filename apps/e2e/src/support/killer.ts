import { descendants, commandOf, isRunning, killAll } from './processes.js';
import type { EngineProcess } from './engine.js';
import type { App, ProgressMeter } from './progress-meter.js';
import { until } from './until.js';

/** An app, or all processes of the engine at one time. */
export type Victim = App | 'everything';

export const apps: readonly App[] = ['producer', 'bronze', 'silver', 'gold'];

/** For a machine that is busy otherwise. */
const PATIENCE_MS = 300_000;

/** A kill, and what it hit. */
export interface Kill {
  readonly victim: Victim;
  /** How much the victim had got done since the kill before: records sent, or rows published. */
  readonly progress: number;
  /** Apps that had work in hand which died with them. */
  readonly hit: readonly App[];
}

/** Kills processes of an engine in the middle of their work, and tells whether it was. */
export class Killer {
  readonly kills: Kill[] = [];
  #marks: ReadonlyMap<App, number> = new Map();

  constructor(
    private readonly meter: ProgressMeter,
    /** Records that the producer has to send in all. */
    private readonly records: number,
  ) {}

  /**
   * Waits until the victim has got `progress` done since the last kill and has more in hand, and kills it. Throws when the
   * engine ends before. A kill that came a moment too late, when nothing was left in hand, has hit nothing.
   */
  async kill(engine: EngineProcess, victim: Victim, progress: number): Promise<Kill> {
    const app = victim === 'everything' ? 'silver' : victim;
    const done = await this.#untilGrown(engine, app, progress);
    const pids = await until(`${victim} runs`, () => nonEmpty(pidsOf(engine, victim)));
    const inHand = await until(`${victim} is at work`, async () => {
      const ends = await this.#inHand(victim);
      return (await this.#isUnfinished(app, ends.get(app) ?? [])) && ends;
    });
    killAll(pids);
    await until(`${victim} is dead`, () => !pids.some(isRunning));
    const kill = { victim, progress: done, hit: await this.#lost(inHand) };
    this.kills.push(kill);
    this.#marks = await this.#progress();
    return kill;
  }

  async #untilGrown(engine: EngineProcess, app: App, progress: number): Promise<number> {
    const before = this.#marks.get(app) ?? 0;
    const grown = async (): Promise<number | false> => {
      if (engine.hasExited) throw new Error(`The engine ended by itself: ${engine.complaint}`);
      const more = (await this.meter.done(app)) - before;
      return more >= progress && more;
    };
    try {
      return await until(`${app} has grown by ${progress} since ${before}`, grown, PATIENCE_MS);
    } catch (error) {
      const progress = JSON.stringify([...(await this.#progress())]);
      throw new Error(`${String(error)}; by now ${progress}; ${engine.complaint}`, { cause: error });
    }
  }

  async #progress(): Promise<Map<App, number>> {
    const progress = new Map<App, number>();
    for (const app of apps) progress.set(app, await this.meter.done(app));
    return progress;
  }

  /** The ends of what the victims have to read at this moment. */
  async #inHand(victim: Victim): Promise<Map<App, readonly number[]>> {
    const inHand = new Map<App, readonly number[]>();
    for (const app of victim === 'everything' ? apps : [victim])
      inHand.set(app, app === 'producer' ? [] : await this.meter.inputEnds(app));
    return inHand;
  }

  /** The apps that died before all was published that they had to read, or all sent. */
  async #lost(inHand: ReadonlyMap<App, readonly number[]>): Promise<App[]> {
    const lost: App[] = [];
    for (const [app, ends] of inHand) if (await this.#isUnfinished(app, ends)) lost.push(app);
    return lost;
  }

  async #isUnfinished(app: App, inputEnds: readonly number[]): Promise<boolean> {
    if (app === 'producer') return (await this.meter.done('producer')) < this.records;
    return (await this.meter.behind(app, inputEnds)).length > 0;
  }
}

function pidsOf(engine: EngineProcess, victim: Victim): number[] {
  const children = descendants(engine.pid);
  if (victim === 'everything') return [engine.pid, ...children];
  return children.filter((pid) => commandOf(pid).includes(`apps/${victim}/`));
}

const nonEmpty = (pids: number[]): number[] | false => pids.length > 0 && pids;
