import type { BarInterval } from '@engine/window';
import { DAY_US } from '@engine/window';

/** What decides silver's verdicts and values. A change is a new version of the rules. */
export interface SilverSettings {
  readonly allowedLatenessUs: number;
  readonly maxFutureUs: number;
  /** How many prices the moving average and the volatility of a tick look at. */
  readonly silverRows: number;
  /** Size and slide of the sliding windows; a window is at most a day long. */
  readonly windowUs: number;
  readonly windowSlideUs: number;
  /** Gold's, of which silver must know when the next one closes. */
  readonly barIntervals: readonly BarInterval[];
  /** Symbols in the state of one lane. */
  readonly maxSymbols: number;
  /** Whether ticks without an id that equal each other in every field are duplicates. */
  readonly dedupWithoutId: 'never' | 'content';
}

/** Throws a RangeError that names the first setting the layer cannot work with. */
export function assertSilverSettings(settings: SilverSettings): void {
  assertWhole('allowedLatenessUs', settings.allowedLatenessUs, 0);
  assertWhole('maxFutureUs', settings.maxFutureUs, 0);
  assertWhole('silverRows', settings.silverRows, 1);
  assertWhole('maxSymbols', settings.maxSymbols, 1);
  if (settings.windowUs > DAY_US)
    throw new RangeError(`windowUs: ${settings.windowUs} is above a day; use up to ${DAY_US}`);
}

function assertWhole(field: keyof SilverSettings, value: number, min: number): void {
  if (!Number.isSafeInteger(value) || value < min)
    throw new RangeError(`${field}: ${value} is not a whole number from ${min} on; use one such as ${min}`);
}
