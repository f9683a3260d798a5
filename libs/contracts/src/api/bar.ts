/** `provisional` while the bar is open or about to be corrected, `final` when it has closed, `corrected` from revision 1 on. */
export type BarState = 'provisional' | 'final' | 'corrected';

/** `GET /api/bars`: OHLCV of one symbol and interval over [start, start + interval). */
export interface Bar {
  readonly symbol: string;
  /** `1s`, `1m`, `1h`, `1d`, ... */
  readonly interval: string;
  readonly start: string;
  /** From 0, counted up with every correction; of a provisional bar: the one it will have. */
  readonly revision: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Sum of the sizes; null where no tick had one. */
  readonly volume: number | null;
  readonly vwap: number | null;
  readonly ticks: number;
  /** `lane_offset`s in silver/ticks of the first and the last tick in it. */
  readonly first_offset: number;
  readonly last_offset: number;
  /** The lane's clock when this revision was published; null while provisional. */
  readonly closed_at: string | null;
  readonly state: BarState;
}
