/** What time it is: a port, so that tests need not wait. */
export abstract class Clock {
  /** ms since some moment; never goes back. */
  abstract monotonicMs(): number;
  /** ms since 1970-01-01T00:00:00Z. */
  abstract epochMs(): number;
}

export class SystemClock extends Clock {
  monotonicMs(): number {
    return performance.now();
  }

  epochMs(): number {
    return Date.now();
  }
}
