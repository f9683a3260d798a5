import type { ChainStore, SnapshotStore } from '@engine/lake/ports';
import type { SimulatedLake } from '@engine/lake/testing';
import type { LayerName } from '@engine/medallion';
import type { SegmentLimits } from '@engine/pipeline';
import type { LaneListener, Log, LogConsumer } from '@engine/stream/ports';

import { LaneTending } from './lane-tending.js';
import type { Upkeep } from './lane-tending.js';
import { layerWork } from './layer-work.js';
import type { LayerWork } from './layer-work.js';
import { RULES } from './settings.js';

/** What all instances of a world share. */
export interface InstanceParts {
  readonly log: Log;
  readonly lake: ChainStore;
  /** The same for its upkeep. */
  readonly tended: SimulatedLake;
  /** null: nothing is compacted, and all stays. */
  readonly upkeep: Upkeep | null;
  readonly snapshots: SnapshotStore;
  readonly limits: SegmentLimits;
  readonly snapshotMs: number;
  readonly maxRecords: number;
}

/** One instance of a layer's app, from its start to a clean stop or the error that ends it. */
export class Instance {
  readonly #stopping = new AbortController();
  readonly #work: LayerWork;
  readonly #listener: LaneListener;
  readonly #consumer: LogConsumer;

  constructor(layer: LayerName, parts: InstanceParts) {
    const { log, lake, tended, snapshots, limits, snapshotMs, maxRecords, upkeep } = parts;
    this.#work = layerWork(layer, {
      log,
      lake,
      limits,
      checkpoints: { store: snapshots, intervalMs: snapshotMs },
      rules: RULES,
      observer: {},
      stopping: this.#stopping.signal,
    });
    const { listener } = this.#work;
    this.#listener = upkeep === null ? listener : new LaneTending(layer, listener, tended, upkeep);
    this.#consumer = log.createConsumer({ ...this.#work.input, limits: { maxRecords, maxBytes: 1 << 23 } });
  }

  /** Resolves after a clean stop, rejects with what ended it. */
  async run(): Promise<void> {
    await this.#consumer.start(this.#listener);
    await this.#consumer.ended;
  }

  async closeWindows(): Promise<void> {
    await this.#work.closeWindows?.();
  }

  /** Nothing in it waits any more. */
  abandon(): void {
    this.#stopping.abort(new Error('The world has ended'));
  }

  async stop(): Promise<void> {
    const stopped = this.#consumer.stop();
    this.#stopping.abort(new Error('The app is being stopped'));
    await stopped;
    await this.#work.close();
  }
}
