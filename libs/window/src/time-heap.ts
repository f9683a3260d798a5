/** A binary heap of times, the earliest on top. */
export class TimeHeap {
  readonly #times: number[] = [];

  get size(): number {
    return this.#times.length;
  }

  /** Infinity when there is none. */
  get earliestUs(): number {
    return this.#times[0] ?? Infinity;
  }

  /** In no order that matters: adding them to an empty heap gives an equal one. */
  times(): Float64Array {
    return Float64Array.from(this.#times);
  }

  add(timeUs: number): void {
    const times = this.#times;
    let at = times.length;
    times.push(timeUs);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (times[parent]! <= timeUs) break;
      times[at] = times[parent]!;
      at = parent;
    }
    times[at] = timeUs;
  }

  /** Removes the earliest time and returns it; Infinity when there is none. */
  take(): number {
    const earliest = this.earliestUs;
    const last = this.#times.pop();
    if (last !== undefined && this.#times.length > 0) this.#sink(last);
    return earliest;
  }

  #sink(timeUs: number): void {
    const times = this.#times;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= times.length) break;
      if (child + 1 < times.length && times[child + 1]! < times[child]!) child++;
      if (times[child]! >= timeUs) break;
      times[at] = times[child]!;
      at = child;
    }
    times[at] = timeUs;
  }
}
