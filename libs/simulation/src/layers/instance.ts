import type { ChainStore, SnapshotStore } from '@engine/lake/ports';
import type { LayerName } from '@engine/medallion';
import type { SegmentLimits } from '@engine/pipeline';
import type { Log, LogConsumer } from '@engine/stream/ports';

import { layerWork } from './layer-work.js';
import type { LayerWork } from './layer-work.js';
import { RULES } from './settings.js';

/** What all instances of a world share. */
export interface InstanceParts {
  readonly log: Log;
  readonly lake: ChainStore;
  readonly snapshots: SnapshotStore;
  readonly limits: SegmentLimits;
  readonly snapshotMs: number;
  readonly maxRecords: number;
}

/** One instance of a layer's app, from its start to a clean stop or the error that ends it. */
export class Instance {
  readonly #stopping = new AbortController();
  readonly #work: LayerWork;
  readonly #consumer: LogConsumer;

  constructor(layer: LayerName, { log, lake, snapshots, limits, snapshotMs, maxRecords }: InstanceParts) {
    this.#work = layerWork(layer, {
      log,
      lake,
      limits,
      checkpoints: { store: snapshots, intervalMs: snapshotMs },
      rules: RULES,
      observer: {},
      stopping: this.#stopping.signal,
    });
    this.#consumer = log.createConsumer({ ...this.#work.input, limits: { maxRecords, maxBytes: 1 << 23 } });
  }

  /** Resolves after a clean stop, rejects with what ended it. */
  async run(): Promise<void> {
    await this.#consumer.start(this.#work.listener);
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
