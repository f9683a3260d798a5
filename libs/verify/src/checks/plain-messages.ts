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
const QUOTED_FIELDS = FIELDS.map((name) => Uint8Array.from(Buffer.from(`"${name}"`)));

/** Where a plain message does not go on. */
const NOWHERE = -1;

/**
 * Knows of most rows of bronze, without decoding them into anything, that the decoder makes of their raw value what is stored:
 * of single messages as nearly every program writes them, an object of strings without escapes and of numbers without
 * exponents, whose values are those stored. A no means nothing: such a row is for the decoder.
 */
export class PlainMessages {
  #bytes: Uint8Array = new Uint8Array(0);
  #end = 0;
  /** Of what was read last: which of the fields; the number. */
  #field = 0;
  #number = 0;
  #isInteger = false;
  readonly #tickers = new Set<string>();

  /** By row of a block of whole records: 1 where it is certain. */
  certain(block: ScannedRows): Uint8Array {
    const certain = new Uint8Array(block.rows);
    const raws = block.laid('raw');
    if (raws === undefined) return certain;
    this.#bytes = raws.bytes;
    const stored = new StoredTicks(block);
    for (let row = 0; row < block.rows; row++) {
      const start = raws.starts[raws.from + row]!;
      const length = raws.lengths[raws.from + row]!;
      this.#end = start + length;
      if (length <= MAX_MESSAGE_BYTES && stored.isSingle(row) && this.#isStored(stored, row, start))
        certain[row] = 1;
    }
    return certain;
  }

  #isStored(stored: StoredTicks, row: number, start: number): boolean {
    let seen = 0;
    let at = this.#after(BEGIN, start);
    while (at !== NOWHERE) {
      at = this.#after(COLON, this.#afterField(at));
      const field = 1 << this.#field;
      if (at === NOWHERE || (seen & field) !== 0) return false;
      at = this.#afterValue(field, stored, row, this.#afterBlanks(at));
      if (at === NOWHERE) return false;
      seen |= field;
      const next = this.#after(COMMA, at);
      if (next === NOWHERE) break;
      at = next;
    }
    at = this.#after(END, at);
    return (
      at !== NOWHERE &&
      this.#afterBlanks(at) === this.#end &&
      (seen & REQUIRED) === REQUIRED &&
      stored.lacks(row, seen)
    );
  }

  /** Behind the value if it is the one stored in the field. */
  #afterValue(field: number, stored: StoredTicks, row: number, at: number): number {
    if (field === TICKER) return this.#afterTicker(stored.symbol[row], at);
    if (field === ID) return this.#afterId(stored, row, at);
    if (field === SIDE) return parseSide(stored.side[row]) ? this.#afterText(stored.side[row], at) : NOWHERE;
    if (field === SOURCE) return this.#afterSource(stored.source[row], at);
    const end = this.#afterDecimal(at);
    return end !== NOWHERE && this.#isNumberOf(field, stored, row) ? end : NOWHERE;
  }

  #isNumberOf(field: number, stored: StoredTicks, row: number): boolean {
    if (field === PRICE) return parsePrice(this.#number) === stored.price[row];
    if (field === TIMESTAMP) return parseTimestamp(this.#number) === stored.eventTimeUs[row];
    return Object.is(parseSize(this.#number), stored.size[row]);
  }

  #afterTicker(symbol: string | null | undefined, at: number): number {
    if (typeof symbol !== 'string') return NOWHERE;
    if (!this.#tickers.has(symbol)) {
      if (parseTicker(symbol) !== symbol) return NOWHERE;
      this.#tickers.add(symbol);
    }
    return this.#afterText(symbol, at);
  }

  #afterSource(source: string | null | undefined, at: number): number {
    const isOne = typeof source === 'string' && source.length > 0 && source.length <= MAX_SOURCE;
    return isOne ? this.#afterText(source, at) : NOWHERE;
  }

  /** An id is stored as text, and a plain integer's text is as it was written. */
  #afterId({ tradeIds }: StoredTicks, row: number, at: number): number {
    if (tradeIds === undefined) return NOWHERE;
    const bytes = this.#bytes;
    const length = tradeIds.lengths[tradeIds.from + row]!;
    const start = tradeIds.starts[tradeIds.from + row]!;
    if (length <= 0 || length > MAX_ID) return NOWHERE;
    const isText = bytes[at] === QUOTE;
    const from = isText ? at + 1 : at;
    for (let next = 0; next < length; next++) {
      const byte = bytes[from + next]!;
      if (byte !== tradeIds.bytes[start + next] || !isPlain(byte)) return NOWHERE;
    }
    if (isText) return this.#quoteAt(from + length);
    return this.#afterDecimal(at) === at + length && this.#isInteger ? at + length : NOWHERE;
  }

  /** Behind a text that has to be this one, without escapes. */
  #afterText(text: string | null | undefined, at: number): number {
    const bytes = this.#bytes;
    if (typeof text !== 'string' || bytes[at] !== QUOTE) return NOWHERE;
    for (let next = 0; next < text.length; next++) {
      const byte = bytes[at + 1 + next]!;
      if (byte !== text.charCodeAt(next) || !isPlain(byte)) return NOWHERE;
    }
    return this.#quoteAt(at + 1 + text.length);
  }

  #quoteAt(at: number): number {
    return at < this.#end && this.#bytes[at] === QUOTE ? at + 1 : NOWHERE;
  }

  /** Most messages have their fields in the same order: the one behind the last comes first. */
  #afterField(from: number): number {
    const at = this.#afterBlanks(from);
    for (let tried = 1; tried <= FIELDS.length; tried++) {
      const field = (this.#field + tried) % FIELDS.length;
      const name = QUOTED_FIELDS[field]!;
      if (!this.#startsWith(name, at)) continue;
      this.#field = field;
      return at + name.length <= this.#end ? at + name.length : NOWHERE;
    }
    return NOWHERE;
  }

  #startsWith(name: Uint8Array, at: number): boolean {
    const bytes = this.#bytes;
    for (let next = 0; next < name.length; next++) if (bytes[at + next] !== name[next]) return false;
    return true;
  }

  /** Digits and a fraction that are exact: up to 2^53 by a power of ten up to 10^15, which division rounds correctly. */
  #afterDecimal(start: number): number {
    const wholeEnd = this.#afterDigits(start, 0);
    const whole = this.#number;
    if (wholeEnd === start || (wholeEnd > start + 1 && this.#bytes[start] === ZERO)) return NOWHERE;
    this.#isInteger = wholeEnd >= this.#end || this.#bytes[wholeEnd] !== POINT;
    let end = wholeEnd;
    if (!this.#isInteger) {
      end = this.#afterDigits(wholeEnd + 1, whole);
      const places = end - wholeEnd - 1;
      if (places === 0 || places >= POWERS.length || this.#number > Number.MAX_SAFE_INTEGER) return NOWHERE;
      this.#number /= POWERS[places]!;
    }
    return end - start <= MAX_DIGITS && whole <= Number.MAX_SAFE_INTEGER ? end : NOWHERE;
  }

  /** The digits from here on, behind those that were before, are the number. */
  #afterDigits(start: number, before: number): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let number = before;
    let at = start;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte < ZERO || byte > NINE) break;
      number = number * 10 + (byte - ZERO);
    }
    this.#number = number;
    return at;
  }

  /** Behind a byte and what blanks there are before it. */
  #after(byte: number, from: number): number {
    if (from === NOWHERE) return NOWHERE;
    const at = this.#afterBlanks(from);
    return at < this.#end && this.#bytes[at] === byte ? at + 1 : NOWHERE;
  }

  #afterBlanks(from: number): number {
    let at = from;
    while (at < this.#end && isBlank(this.#bytes[at]!)) at++;
    return at;
  }
}

/** What a text has without escapes, as far as it is ASCII. */
const isPlain = (byte: number): boolean =>
  byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE && byte !== QUOTE && byte !== BACKSLASH;

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
