import { totalOf } from '../support/app-metrics.js';
import type { AppInstance } from '../support/app-instance.js';
import type { Layer, ProgressMeter } from '../support/progress-meter.js';

const counters = {
  trimmed: 'engine_trimmed_rows_total',
  conflicts: 'engine_segment_conflicts_total',
} as const;

type Counts = Readonly<Record<keyof typeof counters, number>>;

const layers: readonly Layer[] = ['bronze', 'silver', 'gold'];

/** What a run's instances told of themselves: of those that died, up to the last time they were asked. */
export class Figures {
  readonly restoresMs: number[] = [];
  readonly #counts = new Map<AppInstance, Counts>();
  readonly #stalls = new Map<string, { readonly published: number; readonly sinceMs: number }>();
  #longestStallMs = 0;
  #longestStallIn = '';

  /** Asks every instance that answers. */
  async ask(instances: readonly AppInstance[]): Promise<void> {
    const awake = instances.filter(({ isFrozen, hasExited }) => !isFrozen && !hasExited);
    await Promise.all(
      awake.map(async (instance) => {
        const metrics = await instance.metrics();
        const counts = Object.entries(counters).map(([name, metric]) => [name, totalOf(metrics, metric)]);
        if (metrics !== '') this.#counts.set(instance, Object.fromEntries(counts) as Counts);
      }),
    );
  }

  /** Looks which lanes have work and have published nothing since they were looked at before. */
  async look(meter: ProgressMeter): Promise<void> {
    for (const layer of layers) {
      const [ends, published] = [await meter.inputEnds(layer), await meter.published(layer)];
      ends.forEach((end, lane) => {
        this.#lookAt(`${layer}/lane=${lane}`, published[lane] ?? 0, end);
      });
    }
  }

  /** Takes note of what an instance has said that has ended. */
  ended(instance: AppInstance): void {
    for (const [, seconds] of instance.output.matchAll(/lane \d+: restored in ([\d.]+) s/g))
      this.restoresMs.push(Math.round(Number(seconds) * 1_000));
  }

  total(count: keyof Counts): number {
    return [...this.#counts.values()].reduce((sum, counts) => sum + counts[count], 0);
  }

  get longestStall(): string {
    return `${(this.#longestStallMs / 1_000).toFixed(1)} s (${this.#longestStallIn})`;
  }

  /** The middle and the longest of the restores, ms. */
  get restores(): { readonly count: number; readonly p50Ms: number; readonly maxMs: number } {
    const sorted = [...this.restoresMs].sort((a, b) => a - b);
    return {
      count: sorted.length,
      p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
      maxMs: sorted.at(-1) ?? 0,
    };
  }

  #lookAt(lane: string, published: number, end: number): void {
    const before = this.#stalls.get(lane);
    const now = performance.now();
    const isStalled = before?.published === published && published < end;
    if (!isStalled) this.#stalls.set(lane, { published, sinceMs: now });
    else if (now - before.sinceMs > this.#longestStallMs) {
      this.#longestStallMs = now - before.sinceMs;
      this.#longestStallIn = lane;
    }
  }
}
