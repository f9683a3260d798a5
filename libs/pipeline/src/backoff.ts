const FIRST_MS = 50;
const LONGEST_MS = 5_000;

/** Waits longer after each failed attempt (from 1): 50 ms, 100 ms, ... 5 s. Throws the signal's reason when it is aborted. */
export async function backOff(attempt: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, Math.min(FIRST_MS * 2 ** (attempt - 1), LONGEST_MS));
    signal?.addEventListener('abort', wake);
  });
  signal?.throwIfAborted();
}
