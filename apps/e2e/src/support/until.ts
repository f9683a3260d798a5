const POLL_MS = 25;

/**
 * Waits until `condition` gives something (not undefined, not false) and returns it. Throws with `what` when it does not
 * come true in `timeoutMs`: a bound for a broken program, not a measure of a slow one.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeoutMs = 120_000,
  pollMs = POLL_MS,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
