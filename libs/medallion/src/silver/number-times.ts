/** There is one per symbol and source, and most symbols are quiet. */
const MIN_CAPACITY = 4;

/**
 * Times of safe integers, in the order they were set first; nothing is removed. Takes no object and no text per entry, and no
 * index as long as they come in rising order, as most feeds count their trades.
 */
export class NumberTimes {
  #numbers = new Float64Array(MIN_CAPACITY);
  #times = new Float64Array(MIN_CAPACITY);
  /** Open addressing, at most half full: the place of an entry + 1, or 0. undefined: the numbers rise. */
  #slots: Int32Array | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(number: number): number | undefined {
    if (this.#isAbove(number)) return undefined;
    const place = this.#placeOf(number);
    return place < 0 ? undefined : this.#times[place];
  }

  set(number: number, timeUs: number): void {
    const place = this.#isAbove(number) ? -1 : this.#placeOf(number);
    if (place >= 0) this.#times[place] = timeUs;
    else this.#append(number, timeUs);
  }

  *entries(): Generator<readonly [number: number, timeUs: number], void> {
    for (let place = 0; place < this.#size; place++) yield [this.#numbers[place]!, this.#times[place]!];
  }

  /** Whether the numbers rise, to one below this one. */
  #isAbove(number: number): boolean {
    return this.#slots === undefined && (this.#size === 0 || number > this.#numbers[this.#size - 1]!);
  }

  /** -1: there is none. */
  #placeOf(number: number): number {
    if (this.#slots !== undefined) return this.#slots[slotOf(this.#slots, this.#numbers, number)]! - 1;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < number) low = middle + 1;
      else high = middle;
    }
    return low < this.#size && this.#numbers[low] === number ? low : -1;
  }

  #append(number: number, timeUs: number): void {
    if (!this.#isAbove(number)) {
      this.#slots ??= this.#index();
      this.#slots[slotOf(this.#slots, this.#numbers, number)] = this.#size + 1;
    }
    this.#numbers[this.#size] = number;
    this.#times[this.#size] = timeUs;
    this.#size += 1;
    if (this.#size === this.#numbers.length) this.#grow();
  }

  #grow(): void {
    const capacity = this.#numbers.length * 2;
    this.#numbers = lengthened(this.#numbers, capacity);
    this.#times = lengthened(this.#times, capacity);
    if (this.#slots !== undefined) this.#slots = this.#index();
  }

  #index(): Int32Array {
    const slots = new Int32Array(this.#numbers.length * 2);
    for (let place = 0; place < this.#size; place++)
      slots[slotOf(slots, this.#numbers, this.#numbers[place]!)] = place + 1;
    return slots;
  }
}

/** Where the number's place stands, or would stand. */
function slotOf(slots: Int32Array, numbers: Float64Array, number: number): number {
  const mask = slots.length - 1;
  let slot = hashOf(number) & mask;
  for (let entry = slots[slot]!; entry !== 0; entry = slots[slot]!) {
    if (numbers[entry - 1] === number) break;
    slot = (slot + 1) & mask;
  }
  return slot;
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
