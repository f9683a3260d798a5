import { TimeHeap } from './time-heap.js';

/** Items that fall due at some time; cheap when many share one due time, as windows do. */
export class DueQueue<T> {
  readonly #buckets = new Map<number, T[]>();
  readonly #times = new TimeHeap();

  /** Infinity when the queue is empty: compare the clock with it before calling `takeDue` on a hot path. */
  get nextDueUs(): number {
    return this.#times.earliestUs;
  }

  add(dueUs: number, item: T): void {
    const bucket = this.#buckets.get(dueUs);
    if (bucket !== undefined) {
      bucket.push(item);
      return;
    }
    this.#buckets.set(dueUs, [item]);
    this.#times.add(dueUs);
  }

  /** Removes the items due at or before the clock: by due time, those of one due time in the order they were added. */
  takeDue(clockUs: number): readonly T[] {
    const due: T[] = [];
    while (this.#times.earliestUs <= clockUs) {
      const time = this.#times.take();
      // An infinite clock empties the queue; the heap answers Infinity then, for which there is no bucket.
      const bucket = this.#buckets.get(time);
      if (bucket === undefined) break;
      for (const item of bucket) due.push(item);
      this.#buckets.delete(time);
    }
    return due;
  }

  /** What waits, [due time, items] by due time: for snapshots. Adding the items again in this order gives an equal queue. */
  entries(): readonly (readonly [dueUs: number, items: readonly T[]])[] {
    return [...this.#buckets].sort(([a], [b]) => a - b);
  }
}
