import type { PipelineObserver } from './observer.js';

const FINISH_DEADLINE_MS = 5_000;

/**
 * Waits for what a lane publishes at its release, but not for ever and not at all costs: what was not published comes again
 * from the log.
 */
export async function finishBestEffort(
  lane: string,
  finished: Promise<void>,
  observer: PipelineObserver,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new Error(`Publishing took longer than ${FINISH_DEADLINE_MS} ms; the rows come again from the log`),
      );
    }, FINISH_DEADLINE_MS);
  });
  try {
    await Promise.race([finished, deadline]);
  } catch (error) {
    observer.unfinished?.(lane, error);
  } finally {
    clearTimeout(timer);
  }
}
