import { createHash } from 'node:crypto';
import type { CanonicalColumn } from './canonical-columns.js';
import { md5Module } from './md5-module.js';

const PAGES = 4;
const PAGE_BYTES = 65_536;
const AT_A_TIME = 4;
const BLOCK_BYTES = 64;
/** A message ends with one bit and, in 8 bytes, its length. */
const END_BYTES = 9;
/** Where the texts begin: the state lies before them. */
const TEXTS = 64;
/** So many texts are written column by column; more would leave the processor's nearest cache. */
const MAX_ROWS = 64;
const MAX_TEXT_BYTES = 8192;
/** The state of MD5 before the first block. */
const INITIAL = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476] as const;
/** The rest of a sum may have so many 32-bit terms before it must be carried. */
const MAX_TERMS = 2 ** 20;

interface Md5Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly compress: (state: number, first: number, second: number, third: number, fourth: number) => void;
}

/**
 * The content (content.ts says what it is) of rows that are in memory, summed up as they come: four rows are hashed at a time,
 * which takes a fifth of what the database needs for one after the other.
 */
export class ContentSum {
  readonly #md5 = md5();
  readonly #ends = new Int32Array(MAX_ROWS);
  #low = 0;
  #high = 0;
  #terms = 0;
  #carried = 0n;

  /** Rows [from, to) of columns in the order of the schema. */
  add(columns: readonly CanonicalColumn[], from: number, to: number): void {
    for (let row = from; row < to; row += MAX_ROWS) this.#addSome(columns, row, Math.min(to, row + MAX_ROWS));
  }

  /** What was summed up since the last call, decimal. */
  take(): string {
    this.#carry();
    const sum = BigInt.asUintN(64, this.#carried);
    this.#carried = 0n;
    return sum.toString();
  }

  #addSome(columns: readonly CanonicalColumn[], from: number, to: number): void {
    let longest = END_BYTES;
    for (const column of columns) longest += column.longest(from, to);
    const slot = Math.ceil(longest / BLOCK_BYTES) * BLOCK_BYTES;
    if (slot > MAX_TEXT_BYTES) for (let row = from; row < to; row++) this.#addLong(columns, row, slot);
    else {
      const rows = Math.min(
        MAX_ROWS,
        Math.floor((PAGES * PAGE_BYTES - TEXTS) / slot / AT_A_TIME) * AT_A_TIME,
      );
      for (let row = from; row < to; row += rows)
        this.#addShort(columns, row, Math.min(to, row + rows), slot);
    }
    if (this.#terms > MAX_TERMS) this.#carry();
  }

  #addShort(columns: readonly CanonicalColumn[], from: number, to: number, slot: number): void {
    const { view } = this.#md5;
    const ends = this.#ends;
    for (let row = 0; row < to - from; row++) ends[row] = TEXTS + row * slot;
    for (const column of columns) column.write(view, ends, from, to);
    for (let row = 0; row < to - from; row++) ends[row] = this.#finish(TEXTS + row * slot, ends[row]!);
    for (let row = 0; row < to - from; row += AT_A_TIME) this.#hashFour(row, to - from, slot);
  }

  /** Puts after a text what MD5 wants there. How many blocks it has. */
  #finish(start: number, end: number): number {
    const { view, words } = this.#md5;
    const blocks = (end - start + END_BYTES + BLOCK_BYTES - 1) >> 6;
    const last = (start + blocks * BLOCK_BYTES) >> 2;
    view.setUint32(end, 0x80, true);
    for (let word = (end + 4) >> 2; word < last; word++) words[word] = 0;
    words[last - 2] = (end - start) * 8;
    return blocks;
  }

  /** The texts from `first` on; beyond `rows` there are none, and what lies there is hashed in vain. */
  #hashFour(first: number, rows: number, slot: number): void {
    const { words, compress } = this.#md5;
    const blocks = this.#ends;
    for (let part = 0; part < INITIAL.length; part++)
      for (let lane = 0; lane < AT_A_TIME; lane++) words[part * AT_A_TIME + lane] = INITIAL[part]!;
    let open = Math.min(AT_A_TIME, rows - first);
    for (let block = 1, at = TEXTS + first * slot; open > 0; block++, at += BLOCK_BYTES) {
      compress(0, at, at + slot, at + 2 * slot, at + 3 * slot);
      for (let lane = 0; lane < AT_A_TIME && first + lane < rows; lane++) {
        if (blocks[first + lane] !== block) continue;
        this.#addHash(words[2 * AT_A_TIME + lane]!, words[3 * AT_A_TIME + lane]!);
        open--;
      }
    }
  }

  #addLong(columns: readonly CanonicalColumn[], row: number, longest: number): void {
    const bytes = new Uint8Array(longest);
    this.#ends[0] = 0;
    for (const column of columns) column.write(new DataView(bytes.buffer), this.#ends, row, row + 1);
    const hash = createHash('md5').update(bytes.subarray(0, this.#ends[0])).digest();
    this.#addHash(hash.readUInt32LE(8), hash.readUInt32LE(12));
  }

  #addHash(low: number, high: number): void {
    this.#low += low;
    this.#high += high;
    this.#terms++;
  }

  #carry(): void {
    this.#carried += BigInt(this.#low) + (BigInt(this.#high) << 32n);
    this.#low = 0;
    this.#high = 0;
    this.#terms = 0;
  }
}

interface Md5 {
  readonly view: DataView;
  readonly words: Uint32Array;
  readonly compress: Md5Exports['compress'];
}

/** Node.js has it, its types do not. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

let compiled: object | undefined;

function md5(): Md5 {
  compiled ??= new WebAssembly.Module(md5Module(PAGES));
  const { memory, compress } = new WebAssembly.Instance(compiled).exports as Md5Exports;
  return { view: new DataView(memory.buffer), words: new Uint32Array(memory.buffer), compress };
}
