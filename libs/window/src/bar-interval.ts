import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from './durations.js';

/** Tumbling windows of a bar series: [start, start + sizeUs), aligned to the Unix epoch in UTC. */
export class BarInterval {
  constructor(
    readonly name: string,
    readonly sizeUs: number,
  ) {}

  /** Start of the bar that holds the instant. 10:03:59 at `1m`: 10:03:00. */
  startOf(instantUs: number): number {
    return Math.floor(instantUs / this.sizeUs) * this.sizeUs;
  }
}

const UNITS_US: ReadonlyMap<string, number> = new Map([
  ['s', SECOND_US],
  ['m', MINUTE_US],
  ['h', HOUR_US],
  ['d', DAY_US],
]);

/** `<n>s`, `m`, `h` or `d` that divides a day: `1s`, `5m`, `1d`. Throws a RangeError that names field, value and remedy. */
export function parseBarInterval(text: string, field = 'bar interval'): BarInterval {
  const parts = /^([1-9]\d{0,5})([smhd])$/.exec(text);
  const sizeUs = Number(parts?.[1]) * (UNITS_US.get(parts?.[2] ?? '') ?? NaN);
  if (DAY_US % sizeUs === 0) return new BarInterval(text, sizeUs);
  const problem = parts === null ? 'is not a number and one of s, m, h, d' : 'does not divide a day';
  throw new RangeError(`${field}: ${JSON.stringify(text)} ${problem}; use one such as 1s, 1m, 5m, 1h or 1d`);
}
