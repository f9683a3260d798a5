import type { LayerName } from '@engine/medallion';

/** One layer in one lane. */
export interface LaneJob {
  readonly layer: LayerName;
  readonly lane: number;
}

/** What is to be done: one layer after the other, and in each lane one at a time, since each layer follows from the one before. */
export class LaneJobs {
  readonly #waiting: LaneJob[];
  readonly #underWay = new Set<LaneJob>();

  constructor(lanes: readonly number[], layers: readonly LayerName[]) {
    this.#waiting = layers.flatMap((layer) => lanes.map((lane) => ({ layer, lane })));
  }

  /** undefined: none can be begun now. */
  take(): LaneJob | undefined {
    const busy = new Set(Array.from(this.#underWay, ({ lane }) => lane));
    const at = this.#waiting.findIndex(({ lane }) => !busy.has(lane));
    if (at < 0) return undefined;
    const [job] = this.#waiting.splice(at, 1);
    this.#underWay.add(job!);
    return job;
  }

  /** Whether nothing of the job's layer is left. */
  done(job: LaneJob): boolean {
    this.#underWay.delete(job);
    return ![...this.#waiting, ...this.#underWay].some(({ layer }) => layer === job.layer);
  }

  get areAllTaken(): boolean {
    return this.#waiting.length === 0;
  }
}
