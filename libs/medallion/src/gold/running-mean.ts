import type { Kinds } from '../snapshot/fields.js';
import { float } from '../snapshot/fields.js';
import type { Sum } from './sum.js';
import { addTo, emptySum, totalOf } from './sum.js';

/** The mean of all values so far: x_1 + Σ(x_i - x_1)/n, so that equal values have exactly themselves for a mean. */
export interface RunningMean {
  count: number;
  first: number;
  readonly differences: Sum;
}

/** The sum is kept beside them. */
export const meanKinds: Kinds<Omit<RunningMean, 'differences'>> = { count: float, first: float };

export function emptyMean(): RunningMean {
  return { count: 0, first: 0, differences: emptySum() };
}

export function addToMean(mean: RunningMean, value: number): void {
  if (mean.count === 0) mean.first = value;
  mean.count += 1;
  addTo(mean.differences, value - mean.first);
}

/** null before the first value. */
export function meanOf(mean: RunningMean): number | null {
  return mean.count === 0 ? null : mean.first + totalOf(mean.differences) / mean.count;
}
