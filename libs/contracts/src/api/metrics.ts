/** `GET /api/metrics`: how one symbol does. */
export interface Metrics {
  readonly symbol: string;
  /** Event time up to which the figures hold. */
  readonly as_of: string;
  /** Accepted ticks since the first. */
  readonly ticks: number;
  readonly last_price: number | null;
  /** Means of silver's `sma` and `volatility` since the first tick. */
  readonly avg_sma: number | null;
  readonly avg_volatility: number | null;
  /** These are of the UTC day of the symbol's newest tick. */
  readonly vwap: number | null;
  readonly volume: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly realized_volatility: number | null;
  /** At most 0: -0.02 is two percent below the highest price before. */
  readonly max_drawdown: number | null;
}
