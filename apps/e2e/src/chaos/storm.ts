import type { Random } from '@engine/oracle';
import { apps } from '../support/killer.js';
import type { Killer } from '../support/killer.js';
import type { App, Layer } from '../support/progress-meter.js';
import { until } from '../support/until.js';
import type { Fleet } from './fleet.js';
import type { ProduceFault } from './produce-faults.js';
import type { ProxiedKafka } from './proxied-kafka.js';

const layers: readonly Layer[] = ['bronze', 'silver', 'gold'];
const topics = ['stock-ticks', 'bronze-ticks', 'silver-ticks', 'gold-updates'];
/** What happens only in some of each five rounds. The layer that stands still is another one each time. */
const onlyIn = { freeze: [1, 2, 3], brokerDies: [2], answerLost: [1] } as const;
/** A kill that came a moment too late has hit nothing, and does not count. */
const MOST_TRIES = 5;
/** For a machine that is busy otherwise. */
const PATIENCE_MS = 300_000;
const POLL_MS = 200;

/** What is going to happen, and how. */
type Blow = readonly [what: string, strike: () => Promise<void>];

export interface StormParts {
  readonly random: Random;
  readonly kafka: ProxiedKafka;
  readonly fleet: Fleet;
  readonly killer: Killer;
  readonly lanes: number;
  readonly rounds: number;
  /** How much the victim of a kill must have got done since it was killed last: records sent, or rows published. */
  readonly progress: number;
}

/** All that can go wrong, round after round: the apps are killed while one thing after the other happens, in an order of its own for every seed. */
export class Storm {
  readonly counts = {
    ...{ membershipChanges: 0, freezes: 0, brokerKills: 0, connectionsCut: 0 },
    ...{ 'answer-cut': 0, 'answer-lost': 0, late: 0 },
  };
  readonly kills: number;
  /** Kills that are still to come. */
  killsLeft: number;
  /** What happened when, for whoever wants to know why it did not come as it should. */
  readonly journal: string[] = [];
  readonly #beganMs = performance.now();
  /** Goes on beside the rest. */
  #beside = 0;
  readonly #failures: unknown[] = [];

  constructor(private readonly parts: StormParts) {
    this.killsLeft = this.kills = parts.rounds * apps.length;
  }

  /** What the counts have to be in the end. */
  get planned(): Omit<Storm['counts'], 'connectionsCut'> {
    const rounds = Array.from({ length: this.parts.rounds }, (_, round) => round);
    const among = (some: readonly number[]): number =>
      rounds.filter((round) => some.includes(round % 5)).length;
    return {
      membershipChanges: 2 * rounds.length,
      freezes: among(onlyIn.freeze),
      brokerKills: among(onlyIn.brokerDies),
      ...{ 'answer-cut': rounds.length, 'answer-lost': among(onlyIn.answerLost), late: rounds.length },
    };
  }

  /** Resolves when all of it is over; rejects with the first thing that did not come as it should. */
  async rage(): Promise<void> {
    for (let round = 0; round < this.parts.rounds; round++) await this.#round(round);
    this.note('calm');
    await this.#untilAllIsOver();
    this.#check();
  }

  note(what: string): void {
    this.journal.push(`${((performance.now() - this.#beganMs) / 1_000).toFixed(1)} s ${what}`);
  }

  async #round(round: number): Promise<void> {
    const { random } = this.parts;
    const [changed, frozen] = [layers[round % 3]!, layers[(round + 1) % 3]!];
    const isIn = (some: readonly number[]): boolean => some.includes(round % 5);
    const blows: Blow[] = [
      ['cut all connections', () => this.#cut()],
      ['answer-cut', () => this.#spoil('answer-cut')],
      ['late', () => this.#spoil('late')],
    ];
    if (isIn(onlyIn.answerLost)) blows.push(['answer-lost', () => this.#spoil('answer-lost')]);
    if (isIn(onlyIn.freeze)) blows.push([`freeze ${frozen}`, () => this.#freeze(frozen)]);
    const kills = apps.map((app): Blow => [`kill ${app}`, () => this.#kill(app)]);
    await this.#strike([`one more ${changed}`, () => this.#grow(changed)]);
    // By itself: while it is away nobody can tell how far an app has come.
    if (isIn(onlyIn.brokerDies)) await this.#strike(['kill a broker', () => this.#killBroker()]);
    await Promise.all([...kills.map((kill) => this.#strike(kill)), this.#strikeAll(random.shuffled(blows))]);
    await this.#strike([`one less ${changed}`, () => this.#shrink(changed)]);
  }

  /** One after the other, each after a kill: so they meet what the kills leave. */
  async #strikeAll(blows: readonly Blow[]): Promise<void> {
    const killed = this.kills - this.killsLeft;
    for (const [i, blow] of blows.entries()) {
      const isNext = (): boolean => this.kills - this.killsLeft >= killed + Math.min(i, apps.length - 1);
      await until('somebody was killed', isNext, PATIENCE_MS, POLL_MS);
      await this.#strike(blow);
    }
  }

  async #strike([what, blow]: Blow): Promise<void> {
    this.#check();
    this.note(what);
    await blow();
  }

  async #kill(app: App): Promise<void> {
    const { fleet, killer, progress } = this.parts;
    for (let tries = 1; tries <= MOST_TRIES; tries++)
      if ((await killer.kill(fleet, app, progress)).hit.length > 0) break;
    this.killsLeft--;
  }

  async #grow(layer: Layer): Promise<void> {
    await this.parts.fleet.grow(layer);
    this.counts.membershipChanges++;
  }

  async #shrink(layer: Layer): Promise<void> {
    await this.parts.fleet.shrink(layer);
    this.counts.membershipChanges++;
  }

  async #freeze(layer: Layer): Promise<void> {
    const { fleet, lanes } = this.parts;
    const wake = await fleet.freeze(layer, lanes);
    const woken = wake().then(() => {
      this.note(`${layer} goes on`);
      this.counts.freezes++;
    });
    this.#goOnBeside(woken);
  }

  #cut(): Promise<void> {
    for (const proxy of this.parts.kafka.proxies) this.counts.connectionsCut += proxy.cut();
    return Promise.resolve();
  }

  #spoil(fault: ProduceFault): Promise<void> {
    const { random, kafka } = this.parts;
    const happened = kafka.faults.spoilNext(random.pick(topics), fault);
    const counted = happened.then(() => {
      this.counts[fault]++;
    });
    this.#goOnBeside(counted);
    return Promise.resolve();
  }

  /** Until an app has noticed. */
  async #killBroker(): Promise<void> {
    const { random, kafka, fleet } = this.parts;
    const broker = random.pick(kafka.brokers);
    const awake = apps.flatMap((app) => fleet.awake(app));
    const before = new Map(awake.map((instance) => [instance, instance.warnings]));
    await broker.kill();
    try {
      const isNoticed = (): boolean => awake.some((each) => each.warnings > before.get(each)!);
      await until('an app complains', isNoticed, PATIENCE_MS, POLL_MS);
    } finally {
      await broker.restart();
    }
    this.counts.brokerKills++;
  }

  async #untilAllIsOver(): Promise<void> {
    try {
      await until('all that goes on beside is over', () => this.#beside === 0, PATIENCE_MS, POLL_MS);
    } catch (error) {
      const came = JSON.stringify(this.counts);
      const { waiting } = this.parts.kafka.faults;
      throw new Error(`${String(error)}. Came: ${came}. Waiting: ${waiting}`, { cause: error });
    }
  }

  #goOnBeside(work: Promise<void>): void {
    this.#beside++;
    const over = work.catch((error: unknown) => void this.#failures.push(error));
    void over.then(() => {
      this.#beside--;
    });
  }

  #check(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
    this.parts.fleet.check();
  }
}
