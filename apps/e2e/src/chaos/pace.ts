/** Half a second of event time between two records: see `MessyFeed`. */
const RECORDS_PER_EVENT_SECOND = 2;
/** A replay that begins at a late tick first waits for up to an hour of the ticks' time: it should not be a minute. */
const SLOWEST = 60;
/** How long a kill takes on a quiet machine, with what happens beside it. */
const SECONDS_A_KILL = 4;
/** It takes some time until a slower producer shows. */
const REST_MS = 10_000;

/** How far a storm has come. */
interface Course {
  readonly kills: number;
  readonly killsLeft: number;
}

/** Keeps a replayed feed from being over before all has happened that is to happen meanwhile, however slow the machine is. */
export class Pace {
  readonly #beganMs = performance.now();
  #slowedMs = -Infinity;
  #factor = 1;

  constructor(
    private readonly records: number,
    private readonly course: Course,
  ) {}

  /** For a producer that starts now: two thirds of what is left shall last for the kills that are left. */
  speed(sent: number): number {
    const { kills, killsLeft } = this.course;
    const sinceSeconds = (performance.now() - this.#beganMs) / 1_000;
    const secondsAKill = Math.max(SECONDS_A_KILL, sinceSeconds / (kills - killsLeft + 1));
    const eventSeconds = ((this.records - sent) / RECORDS_PER_EVENT_SECOND) * (2 / 3);
    return Math.max(SLOWEST, (this.#factor * eventSeconds) / (secondsAKill * Math.max(1, killsLeft)));
  }

  /** True when the producer has to be started again to be slower; it will be then. */
  isTooFast(sent: number): boolean {
    const { kills, killsLeft } = this.course;
    const share = sent / this.records;
    const done = kills - killsLeft;
    if (share < done / (kills + 5)) this.#factor = 1;
    const now = performance.now();
    if (share < (done + 3) / (kills + 5) || now - this.#slowedMs < REST_MS) return false;
    this.#slowedMs = now;
    this.#factor /= 2;
    return killsLeft > 0;
  }
}
