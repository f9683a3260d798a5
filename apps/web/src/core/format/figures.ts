/** Shown where a figure is not known. */
export const UNKNOWN = '–';
const MINUS = '\u2212';

const formats = new Map<number, Intl.NumberFormat>();

/** Digits in groups of three, the given number of them behind the point. */
function grouped(value: number, digits: number): string {
  let format = formats.get(digits);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formats.set(digits, format);
  }
  return format.format(value).replace('-', MINUS);
}

export const count = (value: number | null): string => (value === null ? UNKNOWN : grouped(value, 0));

export const decimal = (value: number | null, digits: number): string =>
  value === null ? UNKNOWN : grouped(value, digits);

/** With its sign, but for what is shown as zero: `+0.12`, `−0.12`, `0.00`. */
export function signed(value: number, digits: number): string {
  const shown = grouped(Math.abs(value), digits);
  if (!/[1-9]/.test(shown)) return shown;
  return `${value > 0 ? '+' : MINUS}${shown}`;
}

/** Four significant digits, for figures of which one does not know how small they are. */
export function significant(value: number | null): string {
  if (value === null) return UNKNOWN;
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude < 1e-6 || magnitude >= 1e9) return value.toExponential(3).replaceAll('-', MINUS);
  return grouped(value, Math.max(0, 3 - Math.floor(Math.log10(magnitude))));
}

/** Digits behind the point that show a price as it was quoted: at least two, at most eight. */
export function precisionOf(price: number): number {
  const [mantissa = '', exponent = '0'] = String(price).split('e');
  const digits = (mantissa.split('.')[1]?.length ?? 0) - Number(exponent);
  return Math.min(8, Math.max(2, digits));
}
