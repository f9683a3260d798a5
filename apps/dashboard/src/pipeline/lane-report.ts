import type { LayerName } from '@engine/medallion';

/** A segment as its footer describes it. */
export interface ReportedSegment {
  readonly table: string;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  /** When it was published, ISO-8601. */
  readonly at: string;
}

/** How far a layer is in a lane, as log and lake tell it: so a layer that does not run is shown too. */
export interface LaneReport {
  readonly layer: LayerName;
  readonly lane: number;
  readonly topic: string;
  /** Offset at which the lane's input ends. */
  readonly inputEnd: number;
  /** Rows of all records below it are in the lake. */
  readonly position: number;
  /** Records of the input that are not in the lake yet. */
  readonly lag: number;
  /** The lane's clock at the last segment, ISO-8601; null before the first tick. */
  readonly watermark: string | null;
  /** Seconds between the watermark and now. */
  readonly freshnessSeconds: number | null;
  /** Rows by verdict: of bronze and silver, which judge. */
  readonly verdicts: Readonly<Record<string, number>>;
  readonly lastSegment: ReportedSegment | null;
}
