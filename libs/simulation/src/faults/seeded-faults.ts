import type { Random } from '@engine/oracle';

import { GO } from './director.js';
import type { Call, Director, Fate, Passage } from './director.js';

/** How often, of a thousand calls or parts of a send, each kind of fault comes. */
export interface FaultRates {
  readonly crash: number;
  readonly pause: number;
  readonly powerLoss: number;
  readonly fileError: number;
  readonly fullDisk: number;
  readonly logError: number;
  readonly lostSend: number;
  readonly lateSend: number;
  readonly lostAnswer: number;
  readonly slow: number;
}

/** The most that a seed draws of each. */
const MOST: FaultRates = {
  crash: 6,
  pause: 5,
  powerLoss: 2,
  fileError: 10,
  fullDisk: 2,
  logError: 8,
  lostSend: 60,
  lateSend: 80,
  lostAnswer: 80,
  slow: 40,
};

/** Every seed has its own mixture, and leaves some kinds out: what many faults would hide, few show. `share`: of the most. */
export function drawRates(random: Random, share = 1): FaultRates {
  return drawn(random, MOST, () => random.next() ** 2 * share);
}

function drawn<Kind extends string>(
  random: Random,
  most: Readonly<Record<Kind, number>>,
  share: () => number,
): Record<Kind, number> {
  const rates = Object.entries<number>(most).map(([kind, rate]) => [
    kind,
    random.chance(0.35) ? 0 : rate * share(),
  ]);
  return Object.fromEntries(rates) as Record<Kind, number>;
}

/** Calls at which faults come so much more often. */
export interface Focus {
  readonly calls: RegExp;
  readonly rates: FaultRates;
}

/** Before and after these calls of a stray tender lies what it can do to the chain of another one. */
const PLACES = [
  /^stray\S* link .*\.l\d\.parquet$/,
  /^stray\S* link .*\.floor$/,
  /^stray\S* unlink .*lane=\d+\/\d/,
  /^stray\S* fsync .*lane=\d+$/,
  /^stray\S* write .*_tmp/,
];

/** In a place, of a thousand calls. */
const MOST_IN_PLACE = { crash: 20, pause: 400, powerLoss: 10, fileError: 200 };

/** Some of the places: what takes several owners at one of them is not found by chance. */
export function drawFoci(random: Random, rates: FaultRates): readonly Focus[] {
  return PLACES.filter(() => random.chance(0.4)).map((calls) => ({
    calls,
    rates: { ...rates, ...drawn(random, MOST_IN_PLACE, () => random.next()) },
  }));
}

/** Draws what becomes of every call, until the world is healed. */
export class SeededFaults implements Director {
  /** How many of each kind there were. */
  readonly counts = new Map<string, number>();
  #isHealed = false;
  #fullUntilMs = 0;

  constructor(
    private readonly random: Random,
    private readonly frequencies: { readonly rates: FaultRates; readonly foci: readonly Focus[] },
    private readonly nowMs: () => number,
  ) {}

  heal(): void {
    this.#isHealed = true;
    this.#fullUntilMs = 0;
  }

  fate(call: Call): Fate {
    if (this.#isHealed) return GO;
    if (call.isWrite === true && this.nowMs() < this.#fullUntilMs)
      return { kind: 'fail', when: 'before', code: 'ENOSPC' };
    const focus = this.frequencies.foci.find(({ calls }) => calls.test(`${call.process} ${call.label}`));
    const { rates } = focus ?? this.frequencies;
    const when = this.random.chance(0.5) ? 'before' : 'after';
    if (this.#comes('crash', rates.crash)) return { kind: 'crash', when };
    if (this.#comes('power loss', rates.powerLoss)) return this.#powerLoss();
    if (this.#comes('pause', rates.pause))
      return { kind: 'pause', when, ms: this.random.integer(50, focus === undefined ? 12_000 : 3_000) };
    if (call.kind === 'file') return this.#ofFile(call, when, rates);
    if (call.kind === 'log' && this.#comes('log error', rates.logError))
      return { kind: 'fail', when: 'before', code: 'away' };
    return GO;
  }

  passage(): Passage {
    const landsAfterMs = this.latencyMs();
    if (this.#isHealed) return { landsAfterMs, isAnswered: true };
    const { rates } = this.frequencies;
    if (this.#comes('lost send', rates.lostSend)) return { landsAfterMs: null, isAnswered: false };
    if (this.#comes('late send', rates.lateSend))
      return { landsAfterMs: this.random.integer(100, 15_000), isAnswered: false };
    if (this.#comes('lost answer', rates.lostAnswer)) return { landsAfterMs, isAnswered: false };
    return { landsAfterMs, isAnswered: true };
  }

  latencyMs(): number {
    const slow = !this.#isHealed && this.random.chance(this.frequencies.rates.slow / 1_000);
    return slow ? this.random.next() * 400 : this.random.next() * 1.5;
  }

  sees(): boolean {
    return this.random.chance(0.5);
  }

  boundary(most: number): number {
    return this.random.integer(1, Math.min(most, 12));
  }

  /** Counts what another one has made happen. */
  count(kind: string): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  #powerLoss(): Fate {
    const losesSegment = this.random.chance(0.3);
    if (losesSegment) this.count('lost segment');
    return { kind: 'power loss', loses: losesSegment ? /^/ : null };
  }

  #ofFile({ isWrite }: Call, when: 'before' | 'after', rates: FaultRates): Fate {
    if (this.#comes('file error', rates.fileError)) return { kind: 'fail', when, code: 'EIO' };
    if (isWrite === true && this.#comes('full disk', rates.fullDisk)) {
      this.#fullUntilMs = this.nowMs() + this.random.integer(200, 6_000);
      return { kind: 'fail', when: 'before', code: 'ENOSPC' };
    }
    return GO;
  }

  #comes(kind: string, perThousand: number): boolean {
    const comes = this.random.chance(perThousand / 1_000);
    if (comes) this.count(kind);
    return comes;
  }
}
