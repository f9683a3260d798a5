import type { LaneStatus } from '@engine/contracts';

/** Whoever knows how far a layer is. */
export interface LaneStatusSource {
  lanes(): Promise<readonly LaneStatus[]>;
}
