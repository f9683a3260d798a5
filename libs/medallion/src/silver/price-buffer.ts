import type { MeanAndDeviation } from '@engine/window';
import { meanAndDeviation } from '@engine/window';

const MIN_CAPACITY = 16;

/** Prices and their times, in their order. */
export interface PriceBufferSnapshot {
  readonly times: Float64Array;
  readonly prices: Float64Array;
}

/** Accepted prices of one symbol in (event time, arrival) order, as far back as a window may still ask for them. */
export class PriceBuffer {
  #times = new Float64Array(MIN_CAPACITY);
  #prices = new Float64Array(MIN_CAPACITY);
  #from = 0;
  #to = 0;

  get size(): number {
    return this.#to - this.#from;
  }

  /** Prices there is room for. */
  get capacity(): number {
    return this.#times.length;
  }

  /** Adds a price behind those of its time. Prices before `neededFromUs` may be dropped. */
  add(timeUs: number, price: number, neededFromUs: number): void {
    if (this.#to === this.#times.length) this.#makeRoom(neededFromUs);
    let at = this.#to;
    if (at > this.#from && this.#times[at - 1]! > timeUs) {
      at = this.#firstAt(timeUs + 1);
      this.#times.copyWithin(at + 1, at, this.#to);
      this.#prices.copyWithin(at + 1, at, this.#to);
    }
    this.#times[at] = timeUs;
    this.#prices[at] = price;
    this.#to += 1;
  }

  /** Mean and deviation of the prices in [startUs, endUs), of which there must be one; returns how many there are. */
  describe(startUs: number, endUs: number, into: MeanAndDeviation): number {
    const from = this.#firstAt(startUs);
    const to = this.#firstAt(endUs);
    meanAndDeviation(this.#prices, from, to, into);
    return to - from;
  }

  /** A copy of what is needed: prices before `neededFromUs` may be left out. */
  snapshot(neededFromUs: number): PriceBufferSnapshot {
    const from = this.#firstAt(neededFromUs);
    return { times: this.#times.slice(from, this.#to), prices: this.#prices.slice(from, this.#to) };
  }

  static restore({ times, prices }: PriceBufferSnapshot): PriceBuffer {
    const buffer = new PriceBuffer();
    buffer.#times = withRoom(times);
    buffer.#prices = withRoom(prices);
    buffer.#to = times.length;
    return buffer;
  }

  /** Index of the first price at or after the time. */
  #firstAt(timeUs: number): number {
    let low = this.#from;
    let high = this.#to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#times[middle]! < timeUs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Moves what is needed to the front; makes the arrays longer when that is over half, shorter when it is under an eighth. */
  #makeRoom(neededFromUs: number): void {
    const from = this.#firstAt(neededFromUs);
    const size = this.#to - from;
    const capacity = this.#times.length;
    if (size * 2 > capacity || (size * 8 < capacity && capacity > MIN_CAPACITY))
      this.#reallocate(from, Math.max(MIN_CAPACITY, size * 2));
    else {
      this.#times.copyWithin(0, from, this.#to);
      this.#prices.copyWithin(0, from, this.#to);
    }
    this.#from = 0;
    this.#to = size;
  }

  #reallocate(from: number, capacity: number): void {
    const [times, prices] = [new Float64Array(capacity), new Float64Array(capacity)];
    times.set(this.#times.subarray(from, this.#to));
    prices.set(this.#prices.subarray(from, this.#to));
    this.#times = times;
    this.#prices = prices;
  }
}

function withRoom(values: Float64Array): Float64Array<ArrayBuffer> {
  const array = new Float64Array(Math.max(MIN_CAPACITY, values.length));
  array.set(values);
  return array;
}
