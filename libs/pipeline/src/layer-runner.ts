import type { LaneStatus } from '@engine/contracts';
import type { LaneFailed, LaneListener, LogBatch } from '@engine/stream/ports';

import { finishBestEffort } from './finish-best-effort.js';
import { LaneRunner } from './lane-runner.js';
import { laneContext } from './lane-wiring.js';
import type { LaneMessage, LaneWiring, PipelineContext } from './lane-wiring.js';

/** Something that goes along with a lane as long as it is ours: silver's idle markers, gold's provisional updates. */
export interface LaneCompanion {
  /** The lane has processed a batch, or was restored. Throws when the companion has failed. */
  processed(): void;
  close(): Promise<void>;
}

interface OwnedLane<State, Message extends LaneMessage, Emission> {
  readonly runner: LaneRunner<State, Message, Emission>;
  readonly companion: LaneCompanion;
}

/** Runs a layer over the lanes that the log assigns to this instance. */
export class LayerRunner<State, Message extends LaneMessage, Emission> implements LaneListener {
  readonly #lanes = new Map<number, OwnedLane<State, Message, Emission>>();

  constructor(
    private readonly wiring: LaneWiring<State, Message, Emission>,
    private readonly context: PipelineContext,
    private readonly companionOf: (runner: LaneRunner<State, Message, Emission>) => LaneCompanion,
  ) {}

  get runners(): readonly LaneRunner<State, Message, Emission>[] {
    return [...this.#lanes.values()].map(({ runner }) => runner);
  }

  async assigned(lanes: readonly number[], failed: LaneFailed): Promise<ReadonlyMap<number, number>> {
    const positions = new Map<number, number>();
    for (const lane of lanes) {
      // Of a takeover that failed and is repeated, some lanes are open already, and nothing of them was delivered.
      const { runner } = this.#lanes.get(lane) ?? (await this.#open(lane, failed));
      positions.set(lane, runner.position);
    }
    return positions;
  }

  async batch(batch: LogBatch): Promise<void> {
    const lane = batch.records[0]?.partition;
    if (lane === undefined || batch.isStale()) return;
    const owned = this.#lanes.get(lane);
    if (owned === undefined)
      throw new Error(`${batch.topic}/${lane}: a batch arrived for a lane that is not ours`);
    await owned.runner.process(batch.records);
    owned.companion.processed();
  }

  /** Publishes what can be published, so that the next owner has less to do; what cannot, comes again from the log. */
  async revoked(lanes: readonly number[]): Promise<void> {
    await Promise.all(lanes.map((lane) => this.#release(lane)));
  }

  /** Publishes all rows that wait, and goes on. */
  async publish(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.publish()));
  }

  async statuses(): Promise<readonly LaneStatus[]> {
    const ranges = await this.context.log.offsetRanges(this.wiring.inputTopic);
    return this.runners.map((runner) => runner.status(ranges[runner.lane]?.end ?? 0));
  }

  async #open(lane: number, failed: LaneFailed): Promise<OwnedLane<State, Message, Emission>> {
    const started = performance.now();
    const runner = await LaneRunner.open(this.wiring, laneContext(this.context, lane, failed), lane);
    const owned = { runner, companion: this.companionOf(runner) };
    this.#lanes.set(lane, owned);
    // What was open when the lane was left must not wait for the next record: in a quiet market none comes.
    if (runner.isRestored) owned.companion.processed();
    this.context.observer.restored?.(lane, (performance.now() - started) / 1000);
    return owned;
  }

  async #release(lane: number): Promise<void> {
    const owned = this.#lanes.get(lane);
    if (owned === undefined) return;
    this.#lanes.delete(lane);
    await owned.companion.close();
    await finishBestEffort(`lane ${lane}`, owned.runner.finish(), this.context);
    await owned.runner.close();
  }
}
