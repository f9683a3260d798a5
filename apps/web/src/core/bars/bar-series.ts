import type { Bar } from '@engine/contracts/api';
import { looksDifferent, saysMore } from './bar-order.js';

/** The bars of one symbol and interval that the page knows, oldest first, each start once. */
export class BarSeries {
  readonly #bars: Bar[] = [];
  /** ms since the epoch, of the bar at the same index. */
  readonly #starts: number[] = [];

  get bars(): readonly Bar[] {
    return this.#bars;
  }

  get starts(): readonly number[] {
    return this.#starts;
  }

  /** Takes in what is new in some bars. Returns the index from which on the picture is another one; undefined: nowhere. */
  merge(incoming: readonly Bar[]): number | undefined {
    const changed = incoming.map((bar) => this.#put(bar)).filter((start) => start !== undefined);
    return changed.length === 0 ? undefined : this.#indexOf(Math.min(...changed));
  }

  countBefore(startMs: number): number {
    return this.#indexOf(startMs);
  }

  /** Lets go of the bars that start before `startMs`. */
  forgetBefore(startMs: number): void {
    const end = this.#indexOf(startMs);
    this.#starts.splice(0, end);
    this.#bars.splice(0, end);
  }

  /** The start of the bar when its picture has changed. */
  #put(bar: Bar): number | undefined {
    const start = Date.parse(bar.start);
    const at = this.#indexOf(start);
    const known = this.#starts[at] === start ? this.#bars[at] : undefined;
    if (known !== undefined && !saysMore(bar, known)) return undefined;
    this.#starts.splice(at, known === undefined ? 0 : 1, start);
    this.#bars.splice(at, known === undefined ? 0 : 1, bar);
    return known === undefined || looksDifferent(bar, known) ? start : undefined;
  }

  /** Of the first bar that starts then or later; looked for from the end, where news belongs. */
  #indexOf(start: number): number {
    let low = 0;
    let high = this.#starts.length;
    if ((this.#starts[high - 1] ?? -Infinity) < start) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
