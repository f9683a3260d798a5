/** Rows come due evenly; several at once only where a timer could not tell them apart. */
const MIN_WAIT_MS = 20;
/** After a stall (a sleeping laptop, a slow log) at most this much is made up for, the rest is let go. */
const MAX_CATCH_UP_MS = 1000;

/** A steady rate without drift: the n-th row is due n / rate seconds after the start, however late the timer fires. */
export class SteadyPace {
  #startMs: number;
  #askedMs: number;
  #taken = 0;

  constructor(
    private readonly ratePerSecond: number,
    nowMs: number,
  ) {
    this.#startMs = nowMs;
    this.#askedMs = nowMs;
  }

  /** The times at which the rows due by now fell due, oldest first, at most `limit`. They count as taken. */
  takeDue(nowMs: number, limit: number): number[] {
    this.#letGoOfOldDebts(nowMs);
    this.#askedMs = nowMs;
    const due: number[] = [];
    while (due.length < limit && this.#dueMs(this.#taken + 1) <= nowMs) due.push(this.#dueMs(++this.#taken));
    return due;
  }

  /** How long to wait until it is worthwhile to ask again. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#askedMs + MIN_WAIT_MS - nowMs, this.#dueMs(this.#taken + 1) - nowMs);
  }

  #dueMs(row: number): number {
    return this.#startMs + (row * 1000) / this.ratePerSecond;
  }

  #letGoOfOldDebts(nowMs: number): void {
    const behindMs = nowMs - this.#dueMs(this.#taken + 1);
    if (behindMs > MAX_CATCH_UP_MS) this.#startMs += behindMs - MAX_CATCH_UP_MS;
  }
}

/** Longer gaps are believed only if the rows around agree: one tick from the far future must not stop the replay for ever. */
const DOUBTFUL_GAP_US = 3600e6;
const NEIGHBOURS = 2;

/** The pace of a recording: a row is due when its gap to the first row, divided by `speed`, has passed. */
export class RecordedPace {
  #startMs: number | undefined;
  #firstUs = 0;
  #newestUs = -Infinity;

  constructor(private readonly speed: number) {}

  /** When the i-th of these rows is due, on the caller's clock. Rows without a time, or with an older one than before, are due at once. */
  dueMs(eventTimesUs: readonly (number | null)[], i: number, nowMs: number): number {
    const timeUs = this.#believable(eventTimesUs, i);
    if (timeUs === null) return nowMs;
    if (this.#startMs === undefined) {
      this.#startMs = nowMs;
      this.#firstUs = timeUs;
    }
    this.#newestUs = Math.max(this.#newestUs, timeUs);
    return this.#startMs + (this.#newestUs - this.#firstUs) / 1000 / this.speed;
  }

  #believable(timesUs: readonly (number | null)[], i: number): number | null {
    const timeUs = timesUs[i] ?? null;
    if (timeUs === null || timeUs - this.#newestUs < DOUBTFUL_GAP_US) return timeUs;
    const typicalUs = medianAround(timesUs, i);
    return Math.abs(timeUs - typicalUs) > DOUBTFUL_GAP_US ? typicalUs : timeUs;
  }
}

/** The (lower) median of the times up to two rows before and after. */
function medianAround(timesUs: readonly (number | null)[], i: number): number {
  const around = timesUs
    .slice(Math.max(0, i - NEIGHBOURS), i + NEIGHBOURS + 1)
    .filter((time) => time !== null)
    .sort((a, b) => a - b);
  return around[(around.length - 1) >> 1]!;
}
