import type { LaneStatus } from '@engine/contracts';

/** How far a lane that began at `start` is on its way to `end`, where its input ended when it was taken over. */
export function replayProgress(start: number, position: number, end: number): LaneStatus['restoring'] {
  return position < end ? { done: position - start, total: end - start } : null;
}
