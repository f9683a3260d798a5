import { parseBarInterval } from '@engine/window';
import type { BarInterval } from '@engine/window';

/** Reads `1s,1m,5m`; undefined where one of them is no interval that divides a day, or two have the same length. */
export function parseBarIntervals(text: string): readonly BarInterval[] | undefined {
  try {
    const intervals = text.split(',').map((name) => parseBarInterval(name.trim()));
    const sizes = new Set(intervals.map(({ sizeUs }) => sizeUs));
    return sizes.size === intervals.length ? intervals : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
