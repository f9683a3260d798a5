import type { Kinds } from '../snapshot/fields.js';
import { float } from '../snapshot/fields.js';

/**
 * A sum that remembers what rounding took from it (Neumaier's variant of Kahan's summation): after millions of terms, of
 * 1e15 and 1e-9 side by side, it is right to the last digits. Plain data.
 */
export interface Sum {
  rounded: number;
  lost: number;
}

export const sumKinds: Kinds<Sum> = { rounded: float, lost: float };

export function emptySum(): Sum {
  return { rounded: 0, lost: 0 };
}

export function addTo(sum: Sum, term: number): void {
  const before = sum.rounded;
  sum.rounded = before + term;
  sum.lost += lostBy(before, term, sum.rounded);
}

export function totalOf(sum: Sum): number {
  return sum.rounded + sum.lost;
}

/** What rounding took from `before + term`, which gave `after`. Exact. */
export function lostBy(before: number, term: number, after: number): number {
  return Math.abs(before) >= Math.abs(term) ? before - after + term : term - after + before;
}
