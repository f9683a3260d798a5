/** Silver's verdict: only an accepted tick counts in windows, bars and metrics. */
export type TickVerdict = 'accepted' | 'duplicate' | 'late' | 'future' | 'too_many_symbols';

/**
 * `GET /api/ticks`: a tick as silver decided it. A tick that is not `stored` was heard a moment ago and is not in the lake
 * yet (that takes up to 10 s): `side`, `trade_id`, `source` and the origin are null until then, and it is accepted;
 * refused ticks appear once stored. (lane, lane_offset, lane_index) names a tick for ever.
 */
export interface Tick {
  readonly lane_offset: number;
  readonly lane_index: number;
  readonly symbol: string;
  readonly event_time: string;
  readonly price: number;
  readonly size: number | null;
  /** The taker's. */
  readonly side: 'buy' | 'sell' | null;
  readonly trade_id: string | null;
  readonly source: string | null;
  /** Where it stands in `stock-ticks`. */
  readonly origin_partition: number | null;
  readonly origin_offset: number | null;
  readonly origin_index: number | null;
  readonly verdict: TickVerdict;
  /** false: accepted, but a tick of the symbol with a later event time came before. null: refused. */
  readonly in_order: boolean | null;
  readonly log_return: number | null;
  /** Mean and deviation of the last 5 prices (`SILVER_ROWS`). */
  readonly sma: number | null;
  readonly volatility: number | null;
  /** When the log took it. */
  readonly record_time: string | null;
  readonly stored: boolean;
}
