import { meanAndDeviation } from '@engine/window';

/** A moving average with the deviation around it. */
export interface BandPoint {
  readonly sma: number;
  /** null where there is one close only. */
  readonly volatility: number | null;
}

/** Closes that count, as prices do in silver's rows (`SILVER_ROWS`). */
export const BAND_ROWS = 5;

/**
 * Mean and sample deviation of the last `rows` closes, from the first on over what there is: the definition of silver's
 * `sma` and `volatility`, and its very code, over the closes of the bars shown. One point for each close from index `from`.
 */
export function rollingBand(closes: readonly number[], from = 0, rows = BAND_ROWS): BandPoint[] {
  const point = { mean: 0, deviation: null as number | null };
  return closes.slice(from).map((_, at) => {
    const end = from + at + 1;
    const { mean, deviation } = meanAndDeviation(closes, Math.max(0, end - rows), end, point);
    return { sma: mean, volatility: deviation };
  });
}
