/** The segment that a layer published last in a lane: the rows of the input offsets [first, next). */
export interface LastSegment {
  readonly table: string;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  /** When it was published, ISO-8601; not every source knows. */
  readonly at?: string;
}

/** How far a layer is in one of its lanes. */
export interface LaneStatus {
  readonly lane: number;
  /** Offset at which the lane's input ends now. */
  readonly inputEnd: number;
  /** Records below this offset have been processed. */
  readonly position: number;
  /** Everything that was sent on because of records below `position` is acknowledged. */
  readonly acknowledged: boolean;
  /** The lane's clock, µs since the epoch; null before the first tick. */
  readonly watermarkUs: number | null;
  readonly symbols: number;
  /** Ticks by verdict since the lane's first record. */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Per table, the input offset up to which segments are published. */
  readonly published: Readonly<Record<string, number>>;
  readonly lastSegment: LastSegment | null;
}

/** Whoever knows how far a layer is. */
export interface LaneStatusSource {
  lanes(): Promise<readonly LaneStatus[]>;
}
