/** A point of a small chart: the close of one bar. */
export interface SparkPoint {
  /** Start of the bar. */
  readonly time: string;
  readonly close: number;
}

/** `GET /api/symbols`: a line of a watch list. */
export interface SymbolQuote {
  readonly symbol: string;
  /** The price of the newest accepted tick. */
  readonly last: number;
  /** Against the last price of the UTC day before that had ticks; where none is known, against the day's first. */
  readonly change: number;
  /** In percent of that price. */
  readonly changePercent: number;
  readonly lastEventTime: string;
  /** Digits behind the point that show `last` as it was quoted, 2 to 8. */
  readonly pricePrecision: number;
  /** The last 60 bars of this length, oldest first. Gaps are left out. */
  readonly sparkline: readonly SparkPoint[];
  /** A minute; the shortest interval while there are not ten bars of a minute yet, or where none is as short as that. */
  readonly sparklineSeconds: number;
}
