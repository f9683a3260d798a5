export type Layer = 'bronze' | 'silver' | 'gold';

/** A segment as its footer describes it: the rows of the input offsets [first, next). */
export interface ReportedSegment {
  readonly table: string;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  /** When it was published. */
  readonly at: string;
}

/** How far a layer is in a lane, as log and lake tell it: so a layer that does not run is shown too. */
export interface LaneReport {
  readonly layer: Layer;
  readonly lane: number;
  /** Where the layer reads. */
  readonly topic: string;
  /** Offset at which the lane's input ends. */
  readonly inputEnd: number;
  /** Rows of all records below it are in the lake. */
  readonly position: number;
  /** Records of the input that are not in the lake yet: up to 10 s of them are usual. */
  readonly lag: number;
  /** Records below it are known to be processed: they are in the lake, or what follows from them is in the next topic. */
  readonly processed: number;
  /** Records of the input that are not known to be processed. */
  readonly pending: number;
  /** Age of the oldest of them; 0 when there is none. */
  readonly lagSeconds: number;
  /** The lane's clock at the last segment; null before the first tick. */
  readonly watermark: string | null;
  /** Seconds between the watermark and now. */
  readonly freshnessSeconds: number | null;
  /** Rows in the lake by verdict: of bronze and silver, which judge. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly lastSegment: ReportedSegment | null;
}

/**
 * `waiting`: nothing came yet. `current`: all that came is processed, or what is left is younger than 2 s. `behind`: it
 * works, and has older records before it. `stalled`: it has records before it and made no progress for 60 s.
 */
export type LayerState = 'waiting' | 'current' | 'behind' | 'stalled';

/** From the time the log took a tick's record in `stock-ticks` to the time it took what the layer made of it. */
export interface Latency {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Ticks (gold: updates; bronze: those in the newest message of every lane at each look) of the last 10 s that this is about. */
  readonly samples: number;
}

/** What went into a layer and what became of it, counted in the lake. */
export interface LayerLedger {
  /** Bronze: rows; silver: ticks that bronze accepted. */
  readonly in: number;
  readonly accepted: number;
  /** By reason (bronze) or verdict (silver). */
  readonly refused: Readonly<Record<string, number>>;
  /** `in` less all the others: on its way. Below 0 while this layer has published more than the one before. */
  readonly inFlight: number;
  /** How many of `in` were compared: while rows are on their way, those that this layer and the one before have both published. */
  readonly checked: number;
  /** false: of these something is missing or twice. null: none could be compared yet. */
  readonly balanced: boolean | null;
}

/** One layer over all its lanes. */
export interface LayerReport {
  readonly layer: Layer;
  readonly state: LayerState;
  /** Why, as a sentence for people. */
  readonly reason: string;
  /** Sums over the lanes. */
  readonly pending: number;
  readonly lag: number;
  /** The largest of the lanes'. */
  readonly lagSeconds: number;
  /** Records of its input processed per second, over the last 10 s; null until it was looked at twice. */
  readonly recordsPerSecond: number | null;
  /** null where nothing came in the last 10 s. */
  readonly latency: Latency | null;
  /** null for gold, which refuses nothing. */
  readonly ledger: LayerLedger | null;
}

/** `GET /api/pipeline`, and the event `pipeline` about once a second. */
export interface PipelineReport {
  readonly at: string;
  /** Ticks that silver accepted per second, over the last 10 s. */
  readonly ticksPerSecond: number;
  /** All ledgers balance; null while there is one of which nothing could be compared. */
  readonly balanced: boolean | null;
  /** Bronze, silver, gold (with `layer`, that one). */
  readonly layers: readonly LayerReport[];
  /** By layer and lane. */
  readonly items: readonly LaneReport[];
  /** All is on one page. */
  readonly next: null;
}
