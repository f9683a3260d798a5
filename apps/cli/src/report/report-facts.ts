/** What a report tells of one symbol: the figures over all its accepted ticks. Times are µs since the epoch. */
export interface SymbolFigures {
  readonly symbol: string;
  readonly ticks: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Of the first and the last tick by event time, then lane offset and index. */
  readonly open: number;
  readonly close: number;
  readonly high: number;
  readonly low: number;
  /** Null where no tick had a size. */
  readonly volume: number | null;
  readonly vwap: number | null;
  /** Gold's newest; null before the symbol's first closed minute. */
  readonly avgSma: number | null;
  readonly avgVolatility: number | null;
}

/** The ticks of one stretch of time: what a picture shows at one place of its time axis. */
export interface Point {
  readonly startUs: number;
  /** The last price of the stretch. */
  readonly close: number;
  /** Silver's, at the last tick of the stretch that was in order; null where none was. */
  readonly sma: number | null;
  readonly volatility: number | null;
  readonly volume: number | null;
  /** `close` over the highest price so far, less 1: 0 or below. */
  readonly drawdown: number;
}

export interface SymbolReport {
  readonly figures: SymbolFigures;
  /** How much time one point stands for, µs. */
  readonly stretchUs: number;
  readonly points: readonly Point[];
}

/** Pearson's, of the log returns of the bars that both symbols have; null where these are too few or never move. */
export interface Correlation {
  readonly a: string;
  readonly b: string;
  readonly value: number | null;
  /** How many bars with a return both have. */
  readonly bars: number;
}

export interface CorrelationReport {
  /** Of gold's bars, such as `1m`: the shortest at which the most pairs have enough bars in common. */
  readonly interval: string;
  readonly symbols: readonly string[];
  /** Every pair once, a before b in `symbols`. */
  readonly pairs: readonly Correlation[];
}

export interface ReportFacts {
  readonly symbols: readonly SymbolReport[];
  /** How many there are to choose from: of those asked for, or of all; more than `symbols` where these are too many. */
  readonly symbolCount: number;
  /** Null where gold has no bars yet, or the report is about one symbol. */
  readonly correlation: CorrelationReport | null;
}
