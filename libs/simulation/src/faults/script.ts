import { GO } from './director.js';
import type { Call, Director, Fate, Passage } from './director.js';

interface Rule<T> {
  readonly matches: RegExp;
  /** The first is 1. */
  nth: number;
  readonly outcome: T;
}

/** Nothing happens but what a test asks for. */
export class Script implements Director {
  readonly #fates: Rule<Fate>[] = [];
  readonly #passages: Rule<Passage>[] = [];
  #boundary = Infinity;
  #missed: RegExp | undefined;

  /** What becomes of the n-th call whose `<process> <label>` looks so. */
  when(matches: RegExp, outcome: Fate, nth = 1): this {
    this.#fates.push({ matches, nth, outcome });
    return this;
  }

  /** What becomes of the n-th part of a send to `<topic>/<partition>` that looks so. */
  sends(matches: RegExp, outcome: Passage, nth = 1): this {
    this.#passages.push({ matches, nth, outcome });
    return this;
  }

  /** No read brings more. */
  reads(most: number): this {
    this.#boundary = most;
    return this;
  }

  /** No listing has such names if they were made while it went on. */
  misses(names: RegExp): this {
    this.#missed = names;
    return this;
  }

  /** What was asked for and never came: the test would show nothing. */
  get unused(): readonly string[] {
    return [...this.#fates, ...this.#passages]
      .filter(({ nth }) => nth > 0)
      .map(({ matches }) => String(matches));
  }

  fate({ process, label }: Call): Fate {
    return due(this.#fates, `${process} ${label}`) ?? GO;
  }

  passage(topic: string, partition: number): Passage {
    return due(this.#passages, `${topic}/${partition}`) ?? { landsAfterMs: 1, isAnswered: true };
  }

  latencyMs(): number {
    return 1;
  }

  sees(path: string): boolean {
    return this.#missed?.test(path) !== true;
  }

  boundary(most: number): number {
    return Math.min(most, this.#boundary);
  }
}

function due<T>(rules: readonly Rule<T>[], what: string): T | undefined {
  let outcome: T | undefined;
  for (const rule of rules) if (rule.matches.test(what) && --rule.nth === 0) outcome = rule.outcome;
  return outcome;
}
