import type { Latency } from '@engine/contracts/api';

const WINDOW_MS = 10_000;
/** Enough for a 99th percentile that means something; of more, the newest. */
const MAX_SAMPLES = 20_000;

interface Sample {
  readonly atMs: number;
  readonly value: number;
}

/** What was measured in the last 10 s. */
export class RecentSamples {
  #samples: Sample[] = [];

  add(value: number, nowMs: number): void {
    this.#samples.push({ atMs: nowMs, value });
    if (this.#samples.length > 2 * MAX_SAMPLES) this.#samples = this.#samples.slice(-MAX_SAMPLES);
  }

  /** Nearest rank; null where nothing was measured. */
  latency(nowMs: number): Latency | null {
    const values = this.#values(nowMs).sort((one, other) => one - other);
    if (values.length === 0) return null;
    const percentile = (share: number): number => values[Math.ceil(values.length * share) - 1]!;
    return { p50Ms: percentile(0.5), p99Ms: percentile(0.99), samples: values.length };
  }

  perSecond(nowMs: number): number {
    return this.#values(nowMs).reduce((sum, value) => sum + value, 0) / (WINDOW_MS / 1000);
  }

  #values(nowMs: number): number[] {
    this.#samples = this.#samples.filter(({ atMs }) => atMs > nowMs - WINDOW_MS);
    return this.#samples.map(({ value }) => value);
  }
}
