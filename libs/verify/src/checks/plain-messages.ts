import type { ScannedRows } from '@engine/lake';
import {
  MAX_MESSAGE_BYTES,
  parsePrice,
  parseSide,
  parseSize,
  parseTicker,
  parseTimestamp,
  UNKNOWN_SOURCE,
} from '@engine/medallion';

const [QUOTE, BACKSLASH, COMMA, POINT, COLON, BEGIN, END] = [34, 92, 44, 46, 58, 123, 125];
const [ZERO, NINE, FIRST_PRINTABLE, LAST_PRINTABLE] = [48, 57, 32, 126];
const POWERS = Float64Array.from({ length: 16 }, (_, power) => 10 ** power);
/** So many digits may be a number that is not exact as a double; then it is not taken for a plain one. */
const MAX_DIGITS = 16;
const MAX_ID = 128;
const MAX_SOURCE = 64;

/** The fields of a tick, each a bit. Other names of them (`symbol`, `volume`) are no plain message's. */
const FIELDS = ['ticker', 'price', 'timestamp', 'size', 'side', 'id', 'source'] as const;
const [TICKER, PRICE, TIMESTAMP, SIZE, SIDE, ID, SOURCE] = [1, 2, 4, 8, 16, 32, 64];
const REQUIRED = TICKER | PRICE | TIMESTAMP;

/**
 * Knows of most rows of bronze, without decoding them into anything, that the decoder makes of their raw value what is stored:
 * of single messages as nearly every program writes them, an object of strings without escapes and of numbers without
 * exponents, whose values are those stored. A no means nothing: such a row is for the decoder.
 */
export class PlainMessages {
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  /** Of the token read last: its bytes, and its value if it is a number. */
  #from = 0;
  #to = 0;
  #isText = false;
  #isInteger = false;
  #number = 0;
  readonly #tickers = new Set<string>();

  /** By row of a block of whole records: 1 where it is certain. */
  certain(block: ScannedRows): Uint8Array {
    const certain = new Uint8Array(block.rows);
    const raws = block.laid('raw');
    if (raws === undefined) return certain;
    this.#bytes = raws.bytes;
    const stored = new StoredTicks(block);
    for (let row = 0; row < block.rows; row++) {
      this.#at = raws.starts[raws.from + row]!;
      const length = raws.lengths[raws.from + row]!;
      this.#end = this.#at + length;
      if (length <= MAX_MESSAGE_BYTES && stored.isSingle(row) && this.#isStored(stored, row))
        certain[row] = 1;
    }
    return certain;
  }

  #isStored(stored: StoredTicks, row: number): boolean {
    if (!this.#takes(BEGIN)) return false;
    let seen = 0;
    do {
      const field = this.#field();
      if (field === 0 || (seen & field) !== 0 || !this.#takes(COLON)) return false;
      if (!this.#value() || !this.#isValueOf(field, stored, row)) return false;
      seen |= field;
    } while (this.#takes(COMMA));
    if (!this.#takes(END)) return false;
    this.#skipBlanks();
    return this.#at === this.#end && (seen & REQUIRED) === REQUIRED && stored.lacks(row, seen);
  }

  #isValueOf(field: number, stored: StoredTicks, row: number): boolean {
    if (field === PRICE) return !this.#isText && parsePrice(this.#number) === stored.price[row];
    if (field === TIMESTAMP) return !this.#isText && parseTimestamp(this.#number) === stored.eventTimeUs[row];
    if (field === SIZE) return !this.#isText && Object.is(parseSize(this.#number), stored.size[row]);
    if (field === ID) return (this.#isText || this.#isInteger) && this.#isId(stored, row);
    if (!this.#isText) return false;
    if (field === TICKER) return this.#isTicker(stored.symbol[row]);
    if (field === SIDE) return this.#is(stored.side[row]) && parseSide(stored.side[row]) !== undefined;
    return this.#to > this.#from && this.#to - this.#from <= MAX_SOURCE && this.#is(stored.source[row]);
  }

  #isTicker(symbol: string | null | undefined): boolean {
    if (!this.#is(symbol)) return false;
    if (this.#tickers.has(symbol!)) return true;
    if (parseTicker(symbol) !== symbol) return false;
    this.#tickers.add(symbol!);
    return true;
  }

  /** An id is stored as text, and a plain integer's text is as it was written. */
  #isId({ tradeIds }: StoredTicks, row: number): boolean {
    const length = this.#to - this.#from;
    if (tradeIds === undefined || length === 0 || length > MAX_ID) return false;
    if (tradeIds.lengths[tradeIds.from + row] !== length) return false;
    const start = tradeIds.starts[tradeIds.from + row]!;
    for (let at = 0; at < length; at++)
      if (tradeIds.bytes[start + at] !== this.#bytes[this.#from + at]) return false;
    return true;
  }

  #is(text: string | null | undefined): boolean {
    if (typeof text !== 'string' || text.length !== this.#to - this.#from) return false;
    for (let at = 0; at < text.length; at++)
      if (text.charCodeAt(at) !== this.#bytes[this.#from + at]) return false;
    return true;
  }

  /** 0: none, or not a plain one. */
  #field(): number {
    this.#skipBlanks();
    if (!this.#text()) return 0;
    for (let field = 0; field < FIELDS.length; field++) if (this.#is(FIELDS[field])) return 1 << field;
    return 0;
  }

  #value(): boolean {
    this.#skipBlanks();
    this.#isText = this.#bytes[this.#at] === QUOTE;
    return this.#isText ? this.#text() : this.#decimal();
  }

  #text(): boolean {
    const bytes = this.#bytes;
    if (this.#at >= this.#end || bytes[this.#at] !== QUOTE) return false;
    let at = this.#at + 1;
    this.#from = at;
    for (; at < this.#end; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH || byte < FIRST_PRINTABLE || byte > LAST_PRINTABLE) return false;
    }
    this.#to = at;
    this.#at = at + 1;
    return at < this.#end;
  }

  /** Digits and a fraction that are exact: up to 2^53 by a power of ten up to 10^15, which division rounds correctly. */
  #decimal(): boolean {
    const start = this.#at;
    const whole = this.#digits(0);
    const wholeEnd = this.#at;
    if (wholeEnd === start || (wholeEnd > start + 1 && this.#bytes[start] === ZERO)) return false;
    this.#isInteger = this.#at >= this.#end || this.#bytes[this.#at] !== POINT;
    this.#number = whole;
    if (!this.#isInteger) {
      this.#at++;
      const all = this.#digits(whole);
      const places = this.#at - wholeEnd - 1;
      if (places === 0 || places >= POWERS.length || all > Number.MAX_SAFE_INTEGER) return false;
      this.#number = all / POWERS[places]!;
    }
    this.#from = start;
    this.#to = this.#at;
    return this.#at - start <= MAX_DIGITS && whole <= Number.MAX_SAFE_INTEGER;
  }

  /** The digits from here on, behind those that were before. */
  #digits(before: number): number {
    let number = before;
    while (this.#at < this.#end) {
      const byte = this.#bytes[this.#at]!;
      if (byte < ZERO || byte > NINE) break;
      number = number * 10 + (byte - ZERO);
      this.#at++;
    }
    return number;
  }

  #takes(byte: number): boolean {
    this.#skipBlanks();
    if (this.#at >= this.#end || this.#bytes[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }

  #skipBlanks(): void {
    while (this.#at < this.#end && isBlank(this.#bytes[this.#at]!)) this.#at++;
  }
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;

/** What a block has stored of ticks. */
class StoredTicks {
  readonly price;
  readonly size;
  readonly eventTimeUs;
  readonly symbol;
  readonly side;
  readonly source;
  readonly tradeIds;
  readonly #offsets;
  readonly #indexes;
  readonly #recordTimes;
  readonly #verdicts;
  readonly #reasons;

  constructor(block: ScannedRows) {
    this.price = block.numbers('price');
    this.size = block.numbers('size');
    this.eventTimeUs = block.numbers('event_time');
    this.symbol = block.texts('symbol');
    this.side = block.texts('side');
    this.source = block.texts('source');
    this.tradeIds = block.laid('trade_id');
    this.#offsets = block.numbers('record_offset');
    this.#indexes = block.numbers('record_index');
    this.#recordTimes = block.numbers('record_time');
    this.#verdicts = block.texts('verdict');
    this.#reasons = block.texts('reason');
  }

  /** Whether the row is an accepted one and the only one of its record. */
  isSingle(row: number): boolean {
    const offset = this.#offsets[row];
    const timeUs = this.#recordTimes[row]!;
    return (
      Object.is(this.#indexes[row], 0) &&
      offset !== this.#offsets[row - 1] &&
      offset !== this.#offsets[row + 1] &&
      // The log counts in ms.
      (timeUs / 1000) * 1000 === timeUs &&
      this.#verdicts[row] === 'accepted' &&
      this.#reasons[row] === null
    );
  }

  /** Whether of the fields that were not seen nothing is stored. */
  lacks(row: number, seen: number): boolean {
    return (
      ((seen & SIZE) !== 0 || Number.isNaN(this.size[row])) &&
      ((seen & SIDE) !== 0 || this.side[row] === null) &&
      ((seen & ID) !== 0 || this.tradeIds?.lengths[this.tradeIds.from + row] === -1) &&
      ((seen & SOURCE) !== 0 || this.source[row] === UNKNOWN_SOURCE)
    );
  }
}
