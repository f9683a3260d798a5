/** The segment that a layer published last in a lane: the rows of the input offsets [first, next). */
export interface LastSegment {
  readonly table: string;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
}

/** How far a layer is in one of its lanes: what an app answers to `GET /control/lanes`. */
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
  /** Ticks by verdict of all records below `position` (bronze: of those this instance has processed). */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Per table, the input offset up to which segments are published. */
  readonly published: Readonly<Record<string, number>>;
  readonly lastSegment: LastSegment | null;
  /** How many of the records that were there when the lane was taken over are processed; null once all are. */
  readonly restoring: { readonly done: number; readonly total: number } | null;
}
