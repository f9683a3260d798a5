import type { Latency } from '@engine/contracts/api';

const WINDOW_MS = 10_000;
/** Enough for a 99th percentile that means something; of more, the newest. */
const MAX_SAMPLES = 20_000;

/** What was measured in the last 10 s. Nothing is allocated while it is measured. */
export class RecentSamples {
  readonly #values = new Float64Array(MAX_SAMPLES);
  readonly #timesMs = new Float64Array(MAX_SAMPLES).fill(-Infinity);
  #next = 0;

  add(value: number, nowMs: number): void {
    this.#values[this.#next] = value;
    this.#timesMs[this.#next] = nowMs;
    this.#next = (this.#next + 1) % MAX_SAMPLES;
  }

  /** Nearest rank; null where nothing was measured. */
  latency(nowMs: number): Latency | null {
    const values = this.#recent(nowMs).sort();
    if (values.length === 0) return null;
    const percentile = (share: number): number => values[Math.ceil(values.length * share) - 1]!;
    return { p50Ms: percentile(0.5), p99Ms: percentile(0.99), samples: values.length };
  }

  perSecond(nowMs: number): number {
    return this.#recent(nowMs).reduce((sum, value) => sum + value, 0) / (WINDOW_MS / 1000);
  }

  #recent(nowMs: number): Float64Array {
    return this.#values.filter((_, at) => this.#timesMs[at]! > nowMs - WINDOW_MS);
  }
}
