/** There is one per symbol and source, and most symbols are quiet. */
const MIN_CAPACITY = 4;

/** Times of safe integers, in the order they were set first; nothing is removed. Takes no object and no text per entry. */
export class NumberTimes {
  #numbers = new Float64Array(MIN_CAPACITY);
  #times = new Float64Array(MIN_CAPACITY);
  /** Open addressing, at most half full: the place of an entry + 1, or 0. */
  #slots = new Int32Array(MIN_CAPACITY * 2);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(number: number): number | undefined {
    const place = this.#slots[this.#slotOf(number)]! - 1;
    return place < 0 ? undefined : this.#times[place];
  }

  set(number: number, timeUs: number): void {
    const slot = this.#slotOf(number);
    const place = this.#slots[slot]! - 1;
    if (place >= 0) this.#times[place] = timeUs;
    else {
      this.#append(number, timeUs);
      this.#slots[slot] = this.#size;
      if (this.#size === this.#numbers.length) this.#grow();
    }
  }

  *entries(): Generator<readonly [number: number, timeUs: number], void> {
    for (let place = 0; place < this.#size; place++) yield [this.#numbers[place]!, this.#times[place]!];
  }

  #append(number: number, timeUs: number): void {
    this.#numbers[this.#size] = number;
    this.#times[this.#size] = timeUs;
    this.#size += 1;
  }

  /** Where the number's place stands, or would stand. */
  #slotOf(number: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(number) & mask;
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      if (this.#numbers[entry - 1] === number) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const capacity = this.#numbers.length * 2;
    this.#numbers = lengthened(this.#numbers, capacity);
    this.#times = lengthened(this.#times, capacity);
    this.#slots = new Int32Array(capacity * 2);
    for (let place = 0; place < this.#size; place++)
      this.#slots[this.#slotOf(this.#numbers[place]!)] = place + 1;
  }
}

function lengthened(values: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(capacity);
  longer.set(values);
  return longer;
}

/** Mixes all 53 bits into the low ones (the finalizer of MurmurHash3): trade ids of one symbol come in steps. */
function hashOf(number: number): number {
  let hash = (number | 0) ^ Math.imul((number / 2 ** 32) | 0, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
