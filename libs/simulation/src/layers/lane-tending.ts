import type { UpkeepRules } from '@engine/lake';
import type { ChainUpkeep, SimulatedLake } from '@engine/lake/testing';
import { tables } from '@engine/medallion';
import type { LayerName } from '@engine/medallion';
import type { LaneFailed, LaneListener, LogBatch } from '@engine/stream/ports';

/** Compaction and retention in a world. */
export interface Upkeep {
  /** Of one life of an instance: settings are changed one instance after the other. */
  readonly rules: () => UpkeepRules;
  /** Of all. */
  readonly graceMs: number;
  readonly everyMs: number;
  /** False when the world is to come to rest. */
  readonly goesOn: () => boolean;
}

/** A layer's listener, and beside it the upkeep of the lanes that are its own, as the layers' apps have it. */
export class LaneTending implements LaneListener {
  readonly #lanes = new Map<number, readonly ChainUpkeep[]>();
  readonly #rules: UpkeepRules;
  #tending: Promise<unknown> = Promise.resolve();
  #isRunning = false;

  constructor(
    private readonly layer: LayerName,
    private readonly listener: LaneListener,
    private readonly lake: SimulatedLake,
    private readonly upkeep: Upkeep,
  ) {
    this.#rules = upkeep.rules();
  }

  async assigned(lanes: readonly number[], failed: LaneFailed): Promise<ReadonlyMap<number, number>> {
    const positions = await this.listener.assigned(lanes, failed);
    const own = tables.filter(({ name }) => name.startsWith(`${this.layer}/`));
    for (const lane of lanes)
      this.#lanes.set(
        lane,
        own.map((table) => this.lake.upkeep(table, lane, this.#rules)),
      );
    if (!this.#isRunning) void this.#run();
    return positions;
  }

  batch(batch: LogBatch): Promise<void> {
    return this.listener.batch(batch);
  }

  passed(partition: number, offset: number): void {
    this.listener.passed?.(partition, offset);
  }

  async revoked(lanes: readonly number[]): Promise<void> {
    for (const lane of lanes) this.#lanes.delete(lane);
    await this.#tending;
    await this.listener.revoked(lanes);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#lanes.size > 0 && this.upkeep.goesOn()) {
      for (const [lane, chains] of this.#lanes)
        for (const chain of chains) if (this.#lanes.has(lane)) await this.#tend(chain);
      await new Promise((resolve) => setTimeout(resolve, this.upkeep.everyMs));
    }
    this.#isRunning = false;
  }

  /** Whatever comes between is due again in the next round. */
  async #tend(chain: ChainUpkeep): Promise<void> {
    this.#tending = chain.tend().catch(() => undefined);
    await this.#tending;
  }
}
