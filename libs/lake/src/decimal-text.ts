/* Decimal digits written into bytes: a text per number would take ten times as long. Each function gives back where it ended. */

/** The four digits of every number below 10,000. */
const FOUR_DIGITS = Uint8Array.from({ length: 40_000 }, (_, at) => {
  const digit = Math.floor((at >> 2) / 10 ** (3 - (at & 3))) % 10;
  return 48 + digit;
});
const MINUS = 45;

/** A safe integer. */
export function writeInteger(into: Uint8Array, at: number, value: number): number {
  if (value < 0) {
    into[at] = MINUS;
    return writeInteger(into, at + 1, -value);
  }
  if (value < 1e8) return writeShort(into, at, value | 0);
  const high = Math.floor(value / 1e8);
  return writeEight(into, writeShort(into, at, high | 0), (value - high * 1e8) | 0);
}

/** The 64-bit integer of two words. */
export function writeWords(into: Uint8Array, at: number, high: number, low: number): number {
  if (high < 0) {
    into[at] = MINUS;
    const negated = -low >>> 0;
    return writeMagnitude(into, at + 1, (negated === 0 ? -high : ~high) >>> 0, negated);
  }
  return writeMagnitude(into, at, high, low >>> 0);
}

/** In base 1e8, from quarters of 16 bits, so that no sum leaves the safe integers: 2^48 is 2814749·1e8 + 76710656. */
function writeMagnitude(into: Uint8Array, at: number, high: number, low: number): number {
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
function writeShort(into: Uint8Array, at: number, value: number): number {
  if (value >= 10_000) {
    const high = (value / 10_000) | 0;
    return writeFour(into, writeShort(into, at, high), value - high * 10_000);
  }
  const from = value * 4 + (value < 10 ? 3 : value < 100 ? 2 : value < 1000 ? 1 : 0);
  const end = value * 4 + 4;
  let to = at;
  for (let digit = from; digit < end; digit++) into[to++] = FOUR_DIGITS[digit]!;
  return to;
}

function writeEight(into: Uint8Array, at: number, value: number): number {
  const high = (value / 10_000) | 0;
  return writeFour(into, writeFour(into, at, high), value - high * 10_000);
}

function writeFour(into: Uint8Array, at: number, value: number): number {
  const from = value * 4;
  into[at] = FOUR_DIGITS[from]!;
  into[at + 1] = FOUR_DIGITS[from + 1]!;
  into[at + 2] = FOUR_DIGITS[from + 2]!;
  into[at + 3] = FOUR_DIGITS[from + 3]!;
  return at + 4;
}
