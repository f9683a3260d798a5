const COMPACT_FROM = 1024;

/** Keys and their times, in the order of arrival. */
export interface RecentKeysSnapshot {
  readonly keys: readonly string[];
  readonly times: Float64Array;
}

/** Keys with the event time of their tick, as long as that time lies in a horizon that only moves on. */
export class RecentKeys {
  readonly #timeOf = new Map<string, number>();
  /** In the order of arrival, [head, length) in use. A key lags in it behind an older arrival of a later time. */
  #keys: string[] = [];
  #times: number[] = [];
  #head = 0;

  get size(): number {
    return this.#timeOf.size;
  }

  /** Places taken in the queue, those of forgotten keys included until it is compacted. */
  get queued(): number {
    return this.#times.length;
  }

  /** Whether the key came with an event time at or after `sinceUs`. */
  has(key: string, sinceUs: number): boolean {
    const timeUs = this.#timeOf.get(key);
    return timeUs !== undefined && timeUs >= sinceUs;
  }

  /** Remembers a key, and forgets those before `sinceUs`, which will be asked for no more. */
  add(key: string, timeUs: number, sinceUs: number): void {
    while (this.#head < this.#times.length && this.#times[this.#head]! < sinceUs) this.#forgetFirst();
    if (this.#head >= COMPACT_FROM && this.#head * 2 >= this.#times.length) this.#compact();
    this.#timeOf.set(key, timeUs);
    this.#keys.push(key);
    this.#times.push(timeUs);
  }

  snapshot(): RecentKeysSnapshot {
    const keys = this.#keys.slice(this.#head);
    const times = new Float64Array(keys.length);
    for (let at = 0; at < times.length; at++) times[at] = this.#times[this.#head + at]!;
    return { keys, times };
  }

  static restore({ keys, times }: RecentKeysSnapshot): RecentKeys {
    const recent = new RecentKeys();
    recent.#keys = keys.slice();
    recent.#times = Array.from(times);
    // A key that came twice is known by its later time, as after `add`.
    for (let at = 0; at < keys.length; at++) recent.#timeOf.set(keys[at]!, times[at]!);
    return recent;
  }

  #forgetFirst(): void {
    const key = this.#keys[this.#head]!;
    // The key may have come again since, with a later time.
    if (this.#timeOf.get(key) === this.#times[this.#head]) this.#timeOf.delete(key);
    this.#head += 1;
  }

  #compact(): void {
    this.#keys = this.#keys.slice(this.#head);
    this.#times = this.#times.slice(this.#head);
    this.#head = 0;
  }
}
