import type { ColumnType } from '@engine/medallion';
import type { LaidTexts } from './laid-texts.js';
import { writeInteger, writeWords } from './decimal-text.js';

/** A column whose part of some rows' canonical texts (content.ts) can be written. */
export interface CanonicalColumn {
  /** No part of rows [from, to) is longer, in bytes. */
  longest(from: number, to: number): number;
  /**
   * Writes the parts of rows [from, to), each where `ends` says that the row's text ends, and moves the ends on. Up to three
   * bytes behind each end may be written to.
   */
  write(into: DataView, ends: Int32Array, from: number, to: number): void;
}

const SEMICOLON = 59;
const COLON = 58;
const LAST_ASCII = 127;
const NULL_TEXT = Uint8Array.of(COLON);
/** Of a number: a sign, 19 digits, a semicolon. */
const LONGEST_NUMBER = 21;
/** What stands before a text. */
const LONGEST_LENGTH = 17;

/** Numbers as they are scanned, NaN for null, or as they lie in a batch. */
export function numberColumn(
  type: Exclude<ColumnType, 'VARCHAR'>,
  values: ArrayLike<number>,
): CanonicalColumn {
  if (type === 'DOUBLE') return new DoubleColumn(values as Float64Array);
  // In a batch a boolean that is null is 2.
  return new IntegerColumn(values, type === 'BOOLEAN' ? 1 : Infinity);
}

class IntegerColumn implements CanonicalColumn {
  constructor(
    private readonly values: ArrayLike<number>,
    private readonly largest: number,
  ) {}

  longest(): number {
    return LONGEST_NUMBER;
  }

  write(into: DataView, ends: Int32Array, from: number, to: number): void {
    const { values, largest } = this;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      let end = ends[row - from]!;
      // False for NaN too.
      if (value <= largest) end = writeInteger(into, end, value);
      into.setUint8(end, SEMICOLON);
      ends[row - from] = end + 1;
    }
  }
}

class DoubleColumn implements CanonicalColumn {
  readonly #words: Int32Array;

  constructor(private readonly values: Float64Array) {
    this.#words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  }

  longest(): number {
    return LONGEST_NUMBER;
  }

  write(into: DataView, ends: Int32Array, from: number, to: number): void {
    const { values } = this;
    const words = this.#words;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      let end = ends[row - from]!;
      if (value === value) end = writeWords(into, end, words[2 * row + 1]!, words[2 * row]!);
      into.setUint8(end, SEMICOLON);
      ends[row - from] = end + 1;
    }
  }
}

/** Texts by their ids, written once each; 0 is null. */
export class CanonicalDictionary {
  readonly #entries = [wordsOf(NULL_TEXT)];
  readonly #lengths = [NULL_TEXT.length];
  #longest = NULL_TEXT.length;

  /** The text of the next id, in UTF-8. */
  add(text: Uint8Array): void {
    const entry = Buffer.concat([Buffer.from(`${text.length}:`), text]);
    this.#entries.push(wordsOf(entry));
    this.#lengths.push(entry.length);
    this.#longest = Math.max(this.#longest, entry.length);
  }

  column(ids: ArrayLike<number>): CanonicalColumn {
    const entries = this.#entries;
    const lengths = this.#lengths;
    return {
      longest: () => this.#longest,
      write(into, ends, from, to) {
        for (let row = from; row < to; row++) {
          const id = ids[row]!;
          const entry = entries[id]!;
          const end = ends[row - from]!;
          for (let at = 0; at < entry.length; at++) into.setUint32(end + 4 * at, entry[at]!, true);
          ends[row - from] = end + lengths[id]!;
        }
      },
    };
  }
}

/** So that four bytes are copied at a time. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(new ArrayBuffer(Math.ceil(bytes.length / 4) * 4));
  for (const [at, byte] of bytes.entries()) view.setUint8(at, byte);
  return Uint32Array.from({ length: view.byteLength / 4 }, (_, word) => view.getUint32(4 * word, true));
}

export const laidTextColumn = ({ bytes, starts, lengths, from: first }: LaidTexts): CanonicalColumn => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    longest(from, to) {
      let longest = 0;
      for (let row = first + from; row < first + to; row++) longest = Math.max(longest, lengths[row]!);
      return longest + LONGEST_LENGTH;
    },
    write(into, ends, from, to) {
      for (let row = first + from; row < first + to; row++) {
        const length = lengths[row]!;
        let end = ends[row - first - from]!;
        if (length >= 0) end = writeInteger(into, end, length);
        into.setUint8(end++, COLON);
        ends[row - first - from] = length > 0 ? copy(view, starts[row]!, length, into, end) : end;
      }
    },
  };
};

function copy(source: DataView, start: number, length: number, into: DataView, end: number): number {
  const words = length & ~3;
  for (let at = 0; at < words; at += 4) into.setUint32(end + at, source.getUint32(start + at, true), true);
  for (let at = words; at < length; at++) into.setUint8(end + at, source.getUint8(start + at));
  return end + length;
}

/** Texts that have to be read but once. */
export const textColumn = (texts: readonly (string | null)[]): CanonicalColumn => ({
  longest(from, to) {
    let longest = 0;
    // A character of JavaScript has three bytes at most.
    for (let row = from; row < to; row++) longest = Math.max(longest, (texts[row]?.length ?? 0) * 3);
    return longest + LONGEST_LENGTH;
  },
  write(into, ends, from, to) {
    for (let row = from; row < to; row++)
      ends[row - from] = writeText(into, ends[row - from]!, texts[row] ?? null);
  },
});

/** Most are ASCII, whose bytes are their characters. */
function writeText(into: DataView, at: number, text: string | null): number {
  if (text === null) return writeBytes(into, at, NULL_TEXT);
  const start = writeInteger(into, at, text.length);
  into.setUint8(start, COLON);
  for (let next = 0; next < text.length; next++) {
    const code = text.charCodeAt(next);
    if (code > LAST_ASCII) return writeOther(into, at, Buffer.from(text));
    into.setUint8(start + 1 + next, code);
  }
  return start + 1 + text.length;
}

function writeOther(into: DataView, at: number, text: Uint8Array): number {
  const start = writeInteger(into, at, text.length);
  into.setUint8(start, COLON);
  return writeBytes(into, start + 1, text);
}

function writeBytes(into: DataView, at: number, bytes: Uint8Array): number {
  for (let next = 0; next < bytes.length; next++) into.setUint8(at + next, bytes[next]!);
  return at + bytes.length;
}
