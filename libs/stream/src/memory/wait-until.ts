import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once the condition holds; a test that waits in vain ends by its own time limit. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(1);
}
