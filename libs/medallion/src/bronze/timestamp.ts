/** 1970-01-01 (included) and 2255-01-01 (excluded), µs since the epoch: below 2^53, so exact as a double. */
const EARLIEST_US = 0;
const END_US = Date.UTC(2255, 0, 1) * 1000;

const DIGITS = /^\d+$/;
const ISO_8601 =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)$/;

/**
 * An event time as µs since the epoch, or undefined when it is refused. The unit of an integer follows from its digits: 10
 * are seconds, 13 ms, 16 µs; in a string 19 are ns, floored to µs (as a JSON number 19 digits are no longer exact). A number
 * with a fraction is seconds, rounded to µs. A text is ISO-8601 with a zone: `2024-03-01T09:30:00.123456789Z`.
 */
export function parseTimestamp(value: unknown): number | undefined {
  const timeUs =
    typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromText(value) : NaN;
  return timeUs >= EARLIEST_US && timeUs < END_US ? timeUs : undefined;
}

function fromNumber(value: number): number {
  if (!Number.isInteger(value)) return fromSeconds(value);
  if (value >= 1e15 && value < 1e16) return value;
  if (value >= 1e12 && value < 1e13) return value * 1_000;
  if (value >= 1e9 && value < 1e10) return value * 1_000_000;
  return NaN;
}

/** The whole seconds stay apart, so that the fraction is rounded as exactly as the double holds it. */
function fromSeconds(value: number): number {
  const whole = Math.floor(value);
  return whole * 1_000_000 + Math.round((value - whole) * 1_000_000);
}

function fromText(value: string): number {
  if (!DIGITS.test(value)) return fromIso8601(value);
  if (value.length === 10) return Number(value) * 1_000_000;
  if (value.length === 13) return Number(value) * 1_000;
  if (value.length === 16) return Number(value);
  if (value.length === 19) return Number(value.slice(0, 16));
  return NaN;
}

function fromIso8601(value: string): number {
  const parts = ISO_8601.exec(value);
  if (parts === null) return NaN;
  const [, year, month, day, hour, minute, second = '0', fraction = '', sign, zoneHours, zoneMinutes = '0'] =
    parts;
  const dayMs = midnightUtc(Number(year), Number(month), Number(day));
  const seconds = secondOfDay(Number(hour), Number(minute), Number(second));
  const zoneSeconds = sign === undefined ? 0 : secondOfDay(Number(zoneHours), Number(zoneMinutes), 0);
  const utcSeconds = dayMs / 1000 + seconds + (sign === '-' ? zoneSeconds : -zoneSeconds);
  return utcSeconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

/** ms since the epoch, NaN for a day that no calendar has. */
function midnightUtc(year: number, month: number, day: number): number {
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  if (year < 1969) return NaN;
  const midnight = Date.UTC(year, month - 1, day);
  return new Date(midnight).getUTCDate() === day && month >= 1 && month <= 12 ? midnight : NaN;
}

function secondOfDay(hour: number, minute: number, second: number): number {
  return hour < 24 && minute < 60 && second < 60 ? hour * 3600 + minute * 60 + second : NaN;
}
