import { backOff } from './backoff.js';
import type { PipelineObserver } from './observer.js';

/** Whom to tell of what fails, and when to give up trying again. */
export interface Persistence {
  readonly observer?: PipelineObserver;
  /** Once it is aborted nothing that fails is tried again. */
  readonly stopping?: AbortSignal | undefined;
}

/**
 * Attempts something until it works. `what` names it for the observer, who hears of every failure, and in the end that it is
 * over. Throws what `canPass` says no repetition heals, and any failure once the stop was asked for.
 */
export async function persist<T>(
  what: string,
  attempt: () => Promise<T>,
  { observer, stopping }: Persistence,
  canPass: (error: unknown) => boolean,
): Promise<T> {
  let failures = 0;
  try {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (stopping?.aborted === true || !canPass(error)) throw error;
        observer?.retrying?.(what, error, ++failures);
        await backOff(failures, stopping).catch(() => {
          throw error;
        });
      }
    }
  } finally {
    if (failures > 0) observer?.settled?.(what);
  }
}

/** Aborted as soon as one of them is. */
export function eitherOf(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : AbortSignal.any([one, other]);
}
