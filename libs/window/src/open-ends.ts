import type { BarInterval } from './bar-interval.js';
import type { SlidingWindows } from './sliding-windows.js';
import { TimeHeap } from './time-heap.js';

export interface OpenEndsSnapshot {
  readonly endsUs: Float64Array;
  readonly latestUs: number;
  readonly closedTouched: boolean;
  readonly knownFromUs: number;
  readonly knownUntilUs: number;
}

/**
 * The ends of all windows and bars that hold a tick and are still open in a lane: what a time marker would close.
 * `ticked` and `moved` are called with the lane's clock, in that order for a tick.
 */
export class OpenEnds {
  readonly #ends = new Set<number>();
  readonly #heap = new TimeHeap();
  #latestUs = -Infinity;
  #closedTouched = false;
  /** Every instant in [from, until) lies in the very same windows and bars, whose ends are known already. */
  #knownFromUs = Infinity;
  #knownUntilUs = -Infinity;

  constructor(
    private readonly windows: SlidingWindows,
    private readonly intervals: readonly BarInterval[],
    private readonly latenessUs: number,
  ) {}

  /** null: nothing is open. */
  get earliestUs(): number | null {
    return this.#heap.size > 0 ? this.#heap.earliestUs : null;
  }

  /** null: nothing is open. */
  get latestUs(): number | null {
    return this.#heap.size > 0 ? this.#latestUs : null;
  }

  /** Whether a tick fell into a closed window or bar since the last marker: a correction may be waiting. */
  get closedTouched(): boolean {
    return this.#closedTouched;
  }

  /** An accepted tick; `clockUs` with this tick. */
  ticked(eventTimeUs: number, clockUs: number): void {
    if (eventTimeUs >= this.#knownFromUs && eventTimeUs < this.#knownUntilUs) return;
    this.#knownFromUs = -Infinity;
    this.#knownUntilUs = Infinity;
    for (const interval of this.intervals) {
      const startUs = interval.startOf(eventTimeUs);
      this.#narrow(startUs, startUs + interval.sizeUs);
      this.#add(startUs + interval.sizeUs, clockUs);
    }
    this.#addWindows(eventTimeUs, clockUs);
  }

  /** The clock moved: what it closes is open no more. */
  moved(clockUs: number): void {
    while (this.#heap.size > 0 && this.#heap.earliestUs + this.latenessUs <= clockUs) {
      this.#ends.delete(this.#heap.take());
      this.#forgetKnown();
    }
  }

  /** A marker moved the clock: what was dirty is published by it. */
  marked(clockUs: number): void {
    this.moved(clockUs);
    this.#closedTouched = false;
    this.#forgetKnown();
  }

  snapshot(): OpenEndsSnapshot {
    return {
      endsUs: this.#heap.times(),
      latestUs: this.#latestUs,
      closedTouched: this.#closedTouched,
      knownFromUs: this.#knownFromUs,
      knownUntilUs: this.#knownUntilUs,
    };
  }

  /** Takes over a snapshot of ends of the same windows, intervals and lateness; to be called on new ends. */
  restore(snapshot: OpenEndsSnapshot): this {
    for (const endUs of snapshot.endsUs) {
      this.#ends.add(endUs);
      this.#heap.add(endUs);
    }
    this.#latestUs = snapshot.latestUs;
    this.#closedTouched = snapshot.closedTouched;
    this.#knownFromUs = snapshot.knownFromUs;
    this.#knownUntilUs = snapshot.knownUntilUs;
    return this;
  }

  #addWindows(eventTimeUs: number, clockUs: number): void {
    const { sizeUs, slideUs } = this.windows;
    const newest = this.windows.newestStartAt(eventTimeUs);
    const oldest = this.windows.oldestStartAt(eventTimeUs);
    this.#narrow(newest, newest + slideUs);
    this.#narrow(oldest - slideUs + sizeUs, oldest + sizeUs);
    for (let startUs = newest; startUs >= oldest; startUs -= slideUs) this.#add(startUs + sizeUs, clockUs);
  }

  #add(endUs: number, clockUs: number): void {
    if (endUs + this.latenessUs <= clockUs) {
      this.#closedTouched = true;
      return;
    }
    if (this.#ends.has(endUs)) return;
    this.#ends.add(endUs);
    this.#heap.add(endUs);
    if (endUs > this.#latestUs) this.#latestUs = endUs;
  }

  #narrow(fromUs: number, untilUs: number): void {
    if (fromUs > this.#knownFromUs) this.#knownFromUs = fromUs;
    if (untilUs < this.#knownUntilUs) this.#knownUntilUs = untilUs;
  }

  #forgetKnown(): void {
    this.#knownFromUs = Infinity;
    this.#knownUntilUs = -Infinity;
  }
}
