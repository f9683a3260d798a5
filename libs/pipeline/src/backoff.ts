import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 50;
const LONGEST_MS = 5_000;

/** Waits longer after each failed attempt (from 1): 50 ms, 100 ms, ... 5 s. Throws the signal's reason when it is aborted. */
export async function backOff(attempt: number, signal?: AbortSignal): Promise<void> {
  await delay(Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS), undefined, { signal });
}
