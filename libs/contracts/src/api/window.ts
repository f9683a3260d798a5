/** `GET /api/windows`: a sliding window over one symbol's accepted ticks; of each window the newest revision. */
export interface SilverWindow {
  readonly symbol: string;
  readonly window_start: string;
  readonly window_end: string;
  readonly revision: number;
  readonly ticks: number;
  readonly sma: number;
  /** null for a single tick. */
  readonly volatility: number | null;
  readonly first_offset: number;
  readonly last_offset: number;
}
