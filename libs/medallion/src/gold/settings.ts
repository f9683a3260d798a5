import type { BarInterval } from '@engine/window';

/** What decides gold's values, the same as silver's where silver has it. A change is a new version of the rules. */
export interface GoldSettings {
  readonly allowedLatenessUs: number;
  /** Of different lengths. Without one of a minute, rows of gold/metrics come at markers only. */
  readonly barIntervals: readonly BarInterval[];
  /** Symbols in the state of one lane. */
  readonly maxSymbols: number;
}

/** Throws a RangeError that names the first setting the layer cannot work with. */
export function assertGoldSettings({ allowedLatenessUs, maxSymbols, barIntervals }: GoldSettings): void {
  assertWhole('allowedLatenessUs', allowedLatenessUs, 0);
  assertWhole('maxSymbols', maxSymbols, 1);
  const sizes = new Set(barIntervals.map(({ sizeUs }) => sizeUs));
  if (sizes.size === barIntervals.length) return;
  const names = barIntervals.map(({ name }) => name).join(',');
  throw new RangeError(`barIntervals: ${names} has two of one length; use each length once`);
}

function assertWhole(field: keyof GoldSettings, value: number, min: number): void {
  if (!Number.isSafeInteger(value) || value < min)
    throw new RangeError(`${field}: ${value} is not a whole number from ${min} on; use one such as ${min}`);
}
