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

/** A longer gap is believed only if the rows that follow agree: ticks from the far future must not stop the replay for ever. */
const DOUBTFUL_GAP_US = 3600e6;
/** So many rows are asked what they say of a gap: a caller that can should know them. */
export const ROWS_ASKED = 50;
/** So many rows have a say in where the recording starts. */
const ROWS_AT_START = 3;

/** The pace of a recording: a row is due when its gap to the first row, divided by `speed`, has passed. */
export class RecordedPace {
  #startMs: number | undefined;
  #firstUs = 0;
  #newestUs = -Infinity;

  constructor(private readonly speed: number) {}

  /**
   * When the i-th of these rows is due, on the caller's clock. Rows without a time, with an older one than before, or with
   * one from a future that the rows after them do not know, are due at once.
   */
  dueMs(eventTimesUs: readonly (number | null)[], i: number, nowMs: number): number {
    const timeUs = eventTimesUs[i] ?? null;
    if (timeUs === null) return nowMs;
    if (this.#startMs === undefined) {
      this.#startMs = nowMs;
      this.#firstUs = this.#newestUs = believableStart(timesAfter(eventTimesUs, i, ROWS_AT_START));
    } else if (timeUs - this.#newestUs < DOUBTFUL_GAP_US || isAgreedOn(eventTimesUs, i, timeUs)) {
      this.#newestUs = Math.max(this.#newestUs, timeUs);
    }
    return this.#startMs + (this.#newestUs - this.#firstUs) / 1000 / this.speed;
  }
}

/** Most of the rows after the i-th are of its time, or later still. */
function isAgreedOn(timesUs: readonly (number | null)[], i: number, timeUs: number): boolean {
  const following = timesAfter(timesUs, i + 1, ROWS_ASKED);
  const agreeing = following.filter((time) => timeUs - time <= DOUBTFUL_GAP_US);
  return agreeing.length > following.length / 2;
}

function timesAfter(timesUs: readonly (number | null)[], from: number, count: number): number[] {
  return timesUs.slice(from, from + count).filter((time) => time !== null);
}

/** The first of these times, or the (lower) median of them if it is far from that. */
function believableStart(timesUs: readonly number[]): number {
  const [first] = timesUs as [number];
  const median = timesUs.toSorted((a, b) => a - b)[(timesUs.length - 1) >> 1]!;
  return Math.abs(first - median) > DOUBTFUL_GAP_US ? median : first;
}
