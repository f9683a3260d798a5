import { UNKNOWN } from './figures.js';

const STEPS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const;

/** How long, in the largest unit that fits: `0.4 s`, `12 s`, `3 min`, `2 h`, `5 d`. Below 0 counts as 0. */
export function seconds(duration: number): string {
  const shown = Math.max(0, duration);
  if (shown < 9.95) return `${shown.toFixed(1)} s`;
  const [size, unit] = STEPS.find(([step]) => shown >= step) ?? ([1, 's'] as const);
  return `${Math.floor(shown / size)} ${unit}`;
}

/** `0.8 ms`, `12 ms`, `1.3 s`. */
export function milliseconds(duration: number | null): string {
  if (duration === null) return UNKNOWN;
  if (duration >= 1_000) return seconds(duration / 1_000);
  return duration < 9.95 ? `${duration.toFixed(1)} ms` : `${Math.round(duration)} ms`;
}
