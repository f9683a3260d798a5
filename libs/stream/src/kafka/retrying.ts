import { setTimeout as pause } from 'node:timers/promises';
import { isRetriable } from '../ports.js';

const waitsMs = [100, 300, 600, 1_000, 1_500, 1_500];

/** Tries what may be done twice a few times more while its failure may pass: for an election, or news of a topic, that is long enough. */
export async function retrying<T>(call: () => Promise<T>): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await call();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      await pause(waitMs);
    }
  }
  return call();
}
