import { setTimeout as timeout } from 'node:timers/promises';

/** Timers of more than 2^31 ms fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Waits, or returns early when the signal comes. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await sleepUntil(performance.now() + ms, signal);
}

/** Waits until `performance.now()` is there, or returns early when the signal comes. */
export async function sleepUntil(timeMs: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    const leftMs = timeMs - performance.now();
    if (leftMs <= 0 || signal.aborted) return;
    await timeout(Math.min(Math.ceil(leftMs), LONGEST_MS), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
