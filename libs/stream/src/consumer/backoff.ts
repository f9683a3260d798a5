/** How long to wait before partitions are assigned anew, in ms. `attempt` counts from 0 since the last success. */
export type Backoff = (attempt: number) => number;

/** 50 ms, doubled each time, 2 s at most. */
export const defaultBackoff: Backoff = (attempt) => Math.min(50 * 2 ** attempt, 2_000);
