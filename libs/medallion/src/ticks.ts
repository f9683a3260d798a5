/** The taker's side. */
export type Side = 'buy' | 'sell';

/**
 * Ticks between bronze and silver: parallel arrays of length `n`, in the order bronze sent them. `symbol` and `source`
 * index `symbols` and `sources`. Times in µs since the epoch. (originPartition, originOffset, originIndex) is where the
 * tick stands in `stock-ticks`; `recordTimeUs` is the broker's own time of that record.
 */
export interface BronzeTicks {
  readonly n: number;
  readonly symbols: readonly string[];
  readonly symbol: ArrayLike<number>;
  readonly eventTimeUs: ArrayLike<number>;
  readonly price: ArrayLike<number>;
  readonly size: readonly (number | null)[];
  readonly side: readonly (Side | null)[];
  readonly tradeId: readonly (string | null)[];
  readonly sources: readonly string[];
  readonly source: ArrayLike<number>;
  readonly originPartition: ArrayLike<number>;
  readonly originOffset: ArrayLike<number>;
  readonly originIndex: ArrayLike<number>;
  readonly recordTimeUs: ArrayLike<number>;
}

/**
 * Accepted ticks between silver and gold: parallel arrays of length `n` in lane order. (laneOffset, laneIndex) is the
 * tick's coordinate in silver's input lane. A feature is null where it is not defined (and for ticks out of order).
 */
export interface SilverTicks {
  readonly n: number;
  readonly symbols: readonly string[];
  readonly symbol: readonly number[];
  readonly eventTimeUs: readonly number[];
  readonly price: readonly number[];
  readonly size: readonly (number | null)[];
  readonly inOrder: readonly boolean[];
  readonly sma: readonly (number | null)[];
  readonly volatility: readonly (number | null)[];
  readonly logReturn: readonly (number | null)[];
  readonly laneOffset: readonly number[];
  readonly laneIndex: readonly number[];
  readonly recordTimeUs: readonly number[];
}

/** Time that passed without ticks, as silver reads it from its lane. */
export interface Marker {
  readonly markerUs: number;
}

/** A marker as silver passes it on to gold: with the coordinate it had in silver's input lane. */
export interface SilverMarker extends Marker {
  readonly laneOffset: number;
  readonly laneIndex: number;
}

export type BronzeMessage =
  { readonly kind: 'ticks'; readonly ticks: BronzeTicks } | ({ readonly kind: 'marker' } & Marker);
export type SilverMessage =
  { readonly kind: 'ticks'; readonly ticks: SilverTicks } | ({ readonly kind: 'marker' } & SilverMarker);
