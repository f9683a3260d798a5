import type { MeanAndDeviation } from '@engine/window';
import { meanAndDeviation } from '@engine/window';

const MIN_CAPACITY = 32;

/** The last `rows` in-order prices of a symbol, in one piece so that they can be summed up in their order. */
export class RecentPrices {
  readonly #prices: Float64Array;
  #to = 0;

  constructor(private readonly rows: number) {
    this.#prices = new Float64Array(Math.max(MIN_CAPACITY, rows * 2));
  }

  /** undefined before the first. */
  get last(): number | undefined {
    return this.#to > 0 ? this.#prices[this.#to - 1] : undefined;
  }

  /** A copy of the last `rows` prices, in their order. */
  snapshot(): Float64Array {
    return this.#prices.slice(Math.max(0, this.#to - this.rows), this.#to);
  }

  static restore(rows: number, snapshot: Float64Array): RecentPrices {
    const recent = new RecentPrices(rows);
    recent.#prices.set(snapshot);
    recent.#to = snapshot.length;
    return recent;
  }

  add(price: number): void {
    if (this.#to === this.#prices.length) {
      this.#prices.copyWithin(0, this.#to - this.rows, this.#to);
      this.#to = this.rows;
    }
    this.#prices[this.#to++] = price;
  }

  /** Of the last `rows` prices, or of what there is; there must be one. */
  describe(into: MeanAndDeviation): MeanAndDeviation {
    return meanAndDeviation(this.#prices, Math.max(0, this.#to - this.rows), this.#to, into);
  }
}
