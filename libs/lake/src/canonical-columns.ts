import type { ColumnType } from '@engine/medallion';
import type { LaidTexts } from './laid-texts.js';
import { writeInteger, writeWords } from './decimal-text.js';

/** A column whose part of some rows' canonical texts (content.ts) can be written. */
export interface CanonicalColumn {
  /** No part of rows [from, to) is longer, in bytes. */
  longest(from: number, to: number): number;
  /** Writes the parts of rows [from, to), each where `ends` says that the row's text ends, and moves the ends on. */
  write(into: Uint8Array, ends: Int32Array, from: number, to: number): void;
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

  write(into: Uint8Array, ends: Int32Array, from: number, to: number): void {
    const { values, largest } = this;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      let end = ends[row - from]!;
      // False for NaN too.
      if (value <= largest) end = writeInteger(into, end, value);
      into[end] = SEMICOLON;
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

  write(into: Uint8Array, ends: Int32Array, from: number, to: number): void {
    const { values } = this;
    const words = this.#words;
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      let end = ends[row - from]!;
      if (value === value) end = writeWords(into, end, words[2 * row + 1]!, words[2 * row]!);
      into[end] = SEMICOLON;
      ends[row - from] = end + 1;
    }
  }
}

/** Texts by their ids, written once each; 0 is null. */
export class CanonicalDictionary {
  readonly #entries: Uint8Array[] = [NULL_TEXT];
  #longest = NULL_TEXT.length;

  /** The text of the next id, in UTF-8. */
  add(text: Uint8Array): void {
    const entry = canonicalBytes(text);
    this.#entries.push(entry);
    this.#longest = Math.max(this.#longest, entry.length);
  }

  column(ids: ArrayLike<number>): CanonicalColumn {
    const entries = this.#entries;
    return {
      longest: () => this.#longest,
      write(into, ends, from, to) {
        for (let row = from; row < to; row++) {
          const entry = entries[ids[row]!]!;
          const end = ends[row - from]!;
          for (let at = 0; at < entry.length; at++) into[end + at] = entry[at]!;
          ends[row - from] = end + entry.length;
        }
      },
    };
  }
}

const canonicalBytes = (text: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${text.length}:`), text]);

/** Most are ASCII, whose bytes are their characters. */
function writeText(into: Uint8Array, at: number, text: string | null): number {
  if (text !== null) {
    const start = writeInteger(into, at, text.length);
    into[start] = COLON;
    for (let next = 0; next < text.length; next++) {
      const code = text.charCodeAt(next);
      if (code > LAST_ASCII) return writeEntry(into, at, canonicalBytes(Buffer.from(text)));
      into[start + 1 + next] = code;
    }
    return start + 1 + text.length;
  }
  return writeEntry(into, at, NULL_TEXT);
}

function writeEntry(into: Uint8Array, at: number, entry: Uint8Array): number {
  into.set(entry, at);
  return at + entry.length;
}

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

export const laidTextColumn = ({ bytes, starts, lengths, from: first }: LaidTexts): CanonicalColumn => ({
  longest(from, to) {
    let longest = 0;
    for (let row = first + from; row < first + to; row++) longest = Math.max(longest, lengths[row]!);
    return longest + LONGEST_LENGTH;
  },
  write(into, ends, from, to) {
    for (let row = from; row < to; row++) {
      const length = lengths[first + row]!;
      let end = ends[row - from]!;
      if (length >= 0) end = writeInteger(into, end, length);
      into[end++] = COLON;
      const start = starts[first + row]!;
      for (let at = 0; at < length; at++) into[end + at] = bytes[start + at]!;
      ends[row - from] = end + Math.max(0, length);
    }
  },
});
