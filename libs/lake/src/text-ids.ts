import { CanonicalDictionary } from './canonical-columns.js';
import type { LaidTexts } from './laid-texts.js';

const { imul } = Math;
const MIN_SLOTS = 64;
/** More texts than these are not taken for ones that repeat themselves: what is known is forgotten then. */
const MAX_TEXTS = 10_000;

/** Knows texts again by their bytes: each becomes a JavaScript string once, not once per row, and equal ones are the same. */
export class TextIds {
  #known = new KnownTexts();

  /** By row; the ids are those of `texts` and `canonical` of the same return. */
  of(laid: LaidTexts): {
    ids: Int32Array;
    texts: readonly (string | null)[];
    canonical: CanonicalDictionary;
  } {
    if (this.#known.texts.length > MAX_TEXTS) this.#known = new KnownTexts();
    const { bytes, starts, lengths, from, rows } = laid;
    const known = this.#known;
    const ids = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      const length = lengths[from + row]!;
      if (length >= 0) ids[row] = known.idOf(bytes, starts[from + row]!, length);
    }
    return { ids, texts: known.texts, canonical: known.canonical };
  }
}

/** By id; 0 is null. An open hash table of the others. */
class KnownTexts {
  readonly texts: (string | null)[] = [null];
  readonly canonical = new CanonicalDictionary();
  readonly #bytes: Uint8Array[] = [new Uint8Array(0)];
  #slots = new Int32Array(MIN_SLOTS);
  #last = 0;

  idOf(bytes: Buffer, start: number, length: number): number {
    // Most columns have one text for long.
    const last = this.#last;
    if (last > 0 && isAt(this.#bytes[last]!, bytes, start, length)) return last;
    return (this.#last = this.#find(bytes, start, length));
  }

  #find(bytes: Buffer, start: number, length: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(bytes, start, length) & mask; ; slot = (slot + 1) & mask) {
      const id = this.#slots[slot]!;
      if (id === 0) return this.#add(bytes, start, length);
      if (isAt(this.#bytes[id]!, bytes, start, length)) return id;
    }
  }

  #add(bytes: Buffer, start: number, length: number): number {
    const own = Uint8Array.prototype.slice.call(bytes, start, start + length);
    this.#bytes.push(own);
    const id = this.texts.push(bytes.toString('utf8', start, start + length)) - 1;
    this.canonical.add(own);
    if (id * 2 > this.#slots.length) this.#grow();
    else this.#place(id);
    return id;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let id = 1; id < this.#bytes.length; id++) this.#place(id);
  }

  #place(id: number): void {
    const bytes = this.#bytes[id]!;
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes, 0, bytes.length) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = id;
  }
}

function hashOf(bytes: Uint8Array, start: number, length: number): number {
  let hash = length;
  for (let at = 0; at < length; at++) hash = imul(hash, 31) + bytes[start + at]!;
  return hash ^ (hash >>> 15);
}

function isAt(text: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text[at] !== bytes[start + at]) return false;
  return true;
}
