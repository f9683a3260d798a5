/* Decimal digits written into bytes: a text per number would take ten times as long. Each function gives back where it ended;
 * up to three bytes behind that may be written to. */

const ZERO = 0x30;

/** The four digits of every number below 10,000 as they lie in memory, the first of them lowest. */
const FOUR_DIGITS = Uint32Array.from({ length: 10_000 }, (_, number) => {
  const digits = [1000, 100, 10, 1].map((unit) => ZERO + (Math.floor(number / unit) % 10));
  return digits.reduceRight((word, digit) => (word << 8) | digit);
});
const MINUS = 45;

/** A safe integer. */
export function writeInteger(into: DataView, at: number, value: number): number {
  if (value < 0) {
    into.setUint8(at, MINUS);
    return writeInteger(into, at + 1, -value);
  }
  if (value < 1e8) return writeShort(into, at, value | 0);
  const high = Math.floor(value / 1e8);
  return writeEight(into, writeShort(into, at, high | 0), (value - high * 1e8) | 0);
}

/** The 64-bit integer of two words. */
export function writeWords(into: DataView, at: number, high: number, low: number): number {
  if (high < 0) {
    into.setUint8(at, MINUS);
    const negated = -low >>> 0;
    return writeMagnitude(into, at + 1, (negated === 0 ? -high : ~high) >>> 0, negated);
  }
  return writeMagnitude(into, at, high, low >>> 0);
}

/** In base 1e8, from quarters of 16 bits, so that no sum leaves the safe integers: 2^48 is 2814749·1e8 + 76710656. */
function writeMagnitude(into: DataView, at: number, high: number, low: number): number {
  const upper = high >>> 16;
  const lower = high & 0xffff;
  const rest = upper * 76_710_656 + lower * 94_967_296 + low;
  const carry = Math.floor(rest / 1e8);
  const middle = upper * 2_814_749 + lower * 42 + carry;
  const first = Math.floor(middle / 1e8);
  const second = (middle - first * 1e8) | 0;
  const third = (rest - carry * 1e8) | 0;
  if (first > 0) {
    const end = writeShort(into, at, first);
    return writeEight(into, writeEight(into, end, second), third);
  }
  return second > 0 ? writeEight(into, writeShort(into, at, second), third) : writeShort(into, at, third);
}

/** Below 1e8. */
function writeShort(into: DataView, at: number, value: number): number {
  if (value < 10_000) return writeLeading(into, at, value);
  const high = (value / 10_000) | 0;
  const end = writeLeading(into, at, high);
  into.setUint32(end, FOUR_DIGITS[value - high * 10_000]!, true);
  return end + 4;
}

/** Below 10,000, without zeros before it. */
function writeLeading(into: DataView, at: number, value: number): number {
  const digits = value < 10 ? 1 : value < 100 ? 2 : value < 1000 ? 3 : 4;
  into.setUint32(at, FOUR_DIGITS[value]! >>> (32 - 8 * digits), true);
  return at + digits;
}

function writeEight(into: DataView, at: number, value: number): number {
  const high = (value / 10_000) | 0;
  into.setUint32(at, FOUR_DIGITS[high]!, true);
  into.setUint32(at + 4, FOUR_DIGITS[value - high * 10_000]!, true);
  return at + 8;
}
