/** Where `meanAndDeviation` puts its answer, so that the hot path makes no object per call. */
export interface MeanAndDeviation {
  mean: number;
  /** null when there are too few values for the divisor: one value has no sample deviation. */
  deviation: number | null;
}

/**
 * Mean and standard deviation of values[from..to), at least one value, in their order:
 * d_i = x_i - x_1; mean = x_1 + Σd/n; variance = Σ(d_i - Σd/n)² / (n - lost), in a second pass.
 * Unlike E[x²]-E[x]² it keeps its digits at any price level: equal values give exactly 0, and [5e6, 5e6 + 0.01] gives 0.00707.
 * `lost`: 1 for the sample deviation, 0 for the population's.
 */
export function meanAndDeviation(
  values: ArrayLike<number>,
  from: number,
  to: number,
  into: MeanAndDeviation,
  lost = 1,
): MeanAndDeviation {
  const n = to - from;
  const first = values[from]!;
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]! - first;
  const meanDifference = sum / n;
  into.mean = first + meanDifference;
  into.deviation = n > lost ? Math.sqrt(squares(values, from, to, meanDifference) / (n - lost)) : null;
  return into;
}

function squares(values: ArrayLike<number>, from: number, to: number, meanDifference: number): number {
  const first = values[from]!;
  let sum = 0;
  for (let i = from; i < to; i++) {
    const difference = values[i]! - first - meanDifference;
    sum += difference * difference;
  }
  return sum;
}
