/** A clock that goes on by `stepMs` with every look at it: the same times in every run. Default start: 2024-01-01T00:00Z. */
export function steppingClock(startMs: number = Date.UTC(2024, 0, 1), stepMs = 1): () => number {
  let now = startMs - stepMs;
  return () => (now += stepMs);
}
