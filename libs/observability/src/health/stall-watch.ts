import type { Health, HealthCheck } from './health-check.js';

/** Something that must move on while there is work for it: a lane, a feed. */
export interface Worker {
  readonly name: string;
  /** The work, in words: `12 records wait`. null: none, it may stand still. */
  readonly waiting: string | null;
  /** Changes with every sign of life: progress, or an attempt that failed and is going to be repeated. */
  readonly mark: string;
}

export interface StallClock {
  /** Goes on evenly, whatever happens to the time of day. */
  monotonicMs(): number;
  epochMs(): number;
}

const machineClock: StallClock = { monotonicMs: () => performance.now(), epochMs: () => Date.now() };

interface Seen {
  readonly worker: Worker;
  readonly stoodMs: number;
}

/** How long an answer may wait for the workers; then it is given by what was seen before. */
const ANSWER_MS = 1_000;

/**
 * Tells of workers that had work and gave no sign of life for `stallMs`.
 *
 * Time counts only while it is watched, and at most half of `stallMs` between two looks: a process that was stopped, or whose
 * machine slept, is not taken for one that hangs. A look that fails or does not end tells nothing.
 */
export class StallWatch implements HealthCheck {
  readonly key = 'progress';
  #seen = new Map<string, Seen>();
  #lookedAt: number;
  #looking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly workers: () => Promise<readonly Worker[]>,
    private readonly stallMs: number,
    private readonly clock: StallClock = machineClock,
  ) {
    this.#lookedAt = clock.monotonicMs();
  }

  /** Looks now and then from now on, so that whoever asks for the first time hears the truth. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#look(), this.stallMs / 4).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async check(): Promise<Health> {
    await this.#lookFor(ANSWER_MS);
    const stalled = [...this.#seen.values()].filter(({ stoodMs }) => stoodMs >= this.stallMs);
    if (stalled.length === 0) return { up: true };
    return { up: false, reason: stalled.map((seen) => this.#describe(seen)).join('; ') };
  }

  async #lookFor(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([this.#look(), late]);
    clearTimeout(timer);
  }

  #look(): Promise<void> {
    this.#looking ??= this.workers()
      .then(
        (workers) => {
          this.#note(workers);
        },
        () => undefined,
      )
      .finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  #note(workers: readonly Worker[]): void {
    const now = this.clock.monotonicMs();
    const elapsed = Math.min(now - this.#lookedAt, this.stallMs / 2);
    this.#lookedAt = now;
    this.#seen = new Map(
      workers.map((worker) => {
        const before = this.#seen.get(worker.name);
        const stands = worker.waiting !== null && before?.worker.mark === worker.mark;
        const stoodMs = stands && before.worker.waiting !== null ? before.stoodMs + elapsed : 0;
        return [worker.name, { worker, stoodMs }];
      }),
    );
  }

  #describe({ worker, stoodMs }: Seen): string {
    const since = new Date(this.clock.epochMs() - stoodMs).toISOString();
    return `${worker.name}: no progress since ${since} while ${worker.waiting ?? 'nothing waits'}`;
  }
}
