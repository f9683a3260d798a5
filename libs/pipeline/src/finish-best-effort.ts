import type { Persistence } from './persist.js';

/** Another instance waits for the lane. */
const HANDOVER_MS = 5_000;
/** Nobody waits but whoever stops the app, and kills it after 25 s. */
const STOP_MS = 20_000;

/**
 * Waits for what a lane publishes at its release, but not for ever and not at all costs: what was not published comes again
 * from the log.
 */
export async function finishBestEffort(
  lane: string,
  finished: Promise<void>,
  { observer, stopping }: Persistence,
): Promise<void> {
  const deadlineMs = stopping?.aborted === true ? STOP_MS : HANDOVER_MS;
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Publishing took longer than ${deadlineMs} ms; the rows come again from the log`));
    }, deadlineMs);
  });
  try {
    await Promise.race([finished, deadline]);
  } catch (error) {
    observer?.unfinished?.(lane, error);
  } finally {
    clearTimeout(timer);
  }
}
