import { NumberTimes } from './number-times.js';

/** Keys and their times, the numbers first; each key once. */
export interface RecentKeysSnapshot {
  readonly keys: readonly string[];
  readonly times: Float64Array;
}

/**
 * Keys with the event time of their tick, as long as that time lies in a horizon that only moves on. Most are numbers, and are
 * kept as such. They are forgotten a generation at a time: when all of the older one lies before the horizon.
 */
export class RecentKeys {
  #older = new Generation();
  #newer = new Generation();
  #sinceUs = -Infinity;
  /** What was asked for last is most often what is added next. */
  #asked = '';
  #askedNumber = NaN;

  /** Keys that are kept, those before the horizon included until their generation goes. */
  get size(): number {
    return this.#older.size + this.#newer.size;
  }

  /** Whether the key came with an event time at or after `sinceUs`. */
  has(key: string, sinceUs: number): boolean {
    const number = numberOf(key);
    this.#asked = key;
    this.#askedNumber = number;
    return this.#newer.timeOf(key, number) >= sinceUs || this.#older.timeOf(key, number) >= sinceUs;
  }

  /** Remembers a key, and may forget those before `sinceUs`, which will be asked for no more. */
  add(key: string, timeUs: number, sinceUs: number): void {
    this.#sinceUs = sinceUs;
    if (this.#older.newestUs < sinceUs) {
      this.#older = this.#newer;
      this.#newer = new Generation();
    }
    this.#newer.set(key, key === this.#asked ? this.#askedNumber : numberOf(key), timeUs);
  }

  /** The same keys and times whatever snapshots were gone on from before; only their order may be another one. */
  snapshot(): RecentKeysSnapshot {
    const kept: (readonly [key: string, timeUs: number])[] = [];
    for (const kind of ['numbers', 'texts'] as const)
      for (const generation of [this.#older, this.#newer])
        for (const entry of generation[kind]()) if (entry[1] >= this.#sinceUs) kept.push(entry);
    return { keys: kept.map(([key]) => key), times: Float64Array.from(kept, ([, timeUs]) => timeUs) };
  }

  static restore({ keys, times }: RecentKeysSnapshot): RecentKeys {
    const recent = new RecentKeys();
    for (let at = 0; at < keys.length; at++) recent.#newer.set(keys[at]!, numberOf(keys[at]!), times[at]!);
    return recent;
  }
}

/** Keys that arrived in some stretch; one that came twice is known by its later arrival. */
class Generation {
  readonly #numbers = new NumberTimes();
  #texts: Map<string, number> | undefined;
  newestUs = -Infinity;

  get size(): number {
    return this.#numbers.size + (this.#texts?.size ?? 0);
  }

  /** `number`: the key's `numberOf`. NaN, which is before and after nothing, when it did not come. */
  timeOf(key: string, number: number): number {
    const timeUs = Number.isNaN(number) ? this.#texts?.get(key) : this.#numbers.get(number);
    return timeUs ?? NaN;
  }

  set(key: string, number: number, timeUs: number): void {
    if (timeUs > this.newestUs) this.newestUs = timeUs;
    if (Number.isNaN(number)) (this.#texts ??= new Map<string, number>()).set(key, timeUs);
    else this.#numbers.set(number, timeUs);
  }

  *numbers(): Generator<readonly [key: string, timeUs: number], void> {
    for (const [number, timeUs] of this.#numbers.entries()) yield [String(number), timeUs];
  }

  texts(): Iterable<readonly [key: string, timeUs: number]> {
    return this.#texts ?? [];
  }
}

const MAX_DIGITS = 15;
const ZERO = 48;

/** The number that a key is the decimal text of, without a sign or leading zeros and of 15 digits at most; else NaN. */
function numberOf(key: string): number {
  if (key.length === 0 || key.length > MAX_DIGITS) return NaN;
  if (key.length > 1 && key.charCodeAt(0) === ZERO) return NaN;
  let number = 0;
  for (let at = 0; at < key.length; at++) {
    const digit = key.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    number = number * 10 + digit;
  }
  return number;
}
