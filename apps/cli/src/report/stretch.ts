const MS = 1_000;
const SECOND = 1_000 * MS;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STRETCHES = [
  ...[100, 250, 500].map((count) => count * MS),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 6, 12].map((count) => count * HOUR),
];

/** The shortest customary length (µs) of which at most `points`, aligned to the epoch, cover [first, last]. */
export function stretchFor(firstUs: number, lastUs: number, points: number): number {
  const fits = (stretch: number): boolean =>
    Math.floor(lastUs / stretch) - Math.floor(firstUs / stretch) < points;
  const customary = STRETCHES.find(fits);
  if (customary !== undefined) return customary;
  // Aligned, a span of n stretches may touch n + 1 of them.
  return (Math.ceil((lastUs - firstUs) / DAY / (points - 1)) || 1) * DAY;
}

/** `250 ms`, `10 s`, `2 h`, `3 d`: the largest unit that divides it. */
export function describeStretch(us: number): string {
  const units: readonly [number, string][] = [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
    [SECOND, 's'],
    [MS, 'ms'],
  ];
  const [size, name] = units.find(([unit]) => us % unit === 0) ?? [1, 'µs'];
  return `${us / size} ${name}`;
}
