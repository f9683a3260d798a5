import type { Coordinate } from '@engine/contracts';
import type { Snapshot } from '@engine/lake/ports';

/** What a lane's snapshot holds. State and high-water marks are of one and the same moment. */
export interface LaneBody {
  /** As `Layer.snapshot` gives it. */
  readonly state: unknown;
  /** As `LaneInput.snapshot` gives it. */
  readonly input: unknown;
  /** Ticks by verdict since the lane's start. */
  readonly verdicts: ReadonlyMap<string, number>;
  readonly lastRecordTimeMs: number | undefined;
  /** The highest coordinate that was sent on. */
  readonly sent: Coordinate | null;
}

export interface LaneSnapshot extends Snapshot {
  readonly body: LaneBody;
}
