import type { LaneReport, Layer } from '@engine/contracts/api';

const RATE_MS = 10_000;
/** Longer than the time between two snapshots, when even a lane that sends nothing on shows that it works. */
const STALLED_MS = 60_000;

interface Looked {
  readonly atMs: number;
  readonly processed: number;
}

/** What changed between one look at the pipeline and the next. */
export class ProgressWatch {
  /** By layer and lane: when it moved last, or had nothing to do. */
  readonly #moved = new Map<string, Looked>();
  readonly #looks = new Map<Layer, Looked[]>();

  look(layer: Layer, lanes: readonly LaneReport[], nowMs: number): void {
    for (const { lane, processed, pending } of lanes) {
      const key = `${layer}/${lane}`;
      const before = this.#moved.get(key);
      if (before === undefined || pending === 0 || processed !== before.processed)
        this.#moved.set(key, { atMs: nowMs, processed });
    }
    const processed = lanes.reduce((sum, lane) => sum + lane.processed, 0);
    const recent = (this.#looks.get(layer) ?? []).filter(({ atMs }) => atMs > nowMs - RATE_MS - 1000);
    this.#looks.set(layer, [...recent, { atMs: nowMs, processed }]);
  }

  /** Records per second since the first look of the last 10 s; null where this is the only one. */
  recordsPerSecond(layer: Layer): number | null {
    const looks = this.#looks.get(layer) ?? [];
    const [first, last] = [looks[0], looks.at(-1)];
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return null;
    return Math.max(0, ((last.processed - first.processed) * 1000) / (last.atMs - first.atMs));
  }

  /** A lane that has records before it and did not move for a minute. */
  isStalled({ layer, lane, pending }: LaneReport, nowMs: number): boolean {
    const moved = this.#moved.get(`${layer}/${lane}`);
    return pending > 0 && moved !== undefined && nowMs - moved.atMs >= STALLED_MS;
  }
}
