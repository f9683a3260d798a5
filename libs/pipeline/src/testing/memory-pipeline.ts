import { topicNames } from '@engine/contracts';
import type { LaneStatus } from '@engine/contracts';
import type { ChainStore, SnapshotStore } from '@engine/lake/ports';
import type { GoldSettings, LayerName, SilverSettings } from '@engine/medallion';
import type { LaneListener, LogConsumer, ReadLimits } from '@engine/stream/ports';
import type { MemoryLog } from '@engine/stream/testing';

import { BronzeRunner } from '../bronze-runner.js';
import { GoldRunner } from '../gold-runner.js';
import type { PipelineContext } from '../lane-wiring.js';
import { LayerRunner } from '../layer-runner.js';
import type { PipelineObserver } from '../observer.js';
import type { SegmentLimits } from '../segment-buffer.js';
import { silverWiring } from '../silver-lane.js';
import { Life } from './mortal.js';

export interface MemoryPipelineOptions {
  readonly log: MemoryLog;
  readonly lake: ChainStore;
  readonly lanes: number;
  readonly rules: SilverSettings & GoldSettings;
  readonly limits?: SegmentLimits;
  readonly batches?: ReadLimits;
  /** Left out: no snapshots are made. */
  readonly snapshots?: SnapshotStore;
  /** Default 0: one after every batch. */
  readonly snapshotMs?: number;
  /** Name of the rules' version. Default `test`. */
  readonly version?: string;
  readonly observer?: PipelineObserver;
  /** Of the process that the pipeline is; a test that ends it from outside gives its own. */
  readonly life?: Life;
}

const quietCompanion = { processed: () => undefined, close: () => Promise.resolve() };
export const topics = topicNames();

/** Bronze, silver and gold in this process, over a log and a lake in memory: one life of the pipeline. */
export class MemoryPipeline {
  readonly life: Life;
  readonly #layers = new Map<string, Pick<BronzeRunner, 'statuses' | 'publish'>>();
  /** Per topic, where the layer that reads it began to read its partitions; the latest assignment. */
  readonly startedAt = new Map<string, ReadonlyMap<number, number>>();
  readonly #consumers: LogConsumer[] = [];
  readonly #bronze: BronzeRunner;

  private constructor(private readonly options: MemoryPipelineOptions) {
    this.life = options.life ?? new Life();
    this.#bronze = new BronzeRunner({ ...topics, lanes: options.lanes }, this.#context());
  }

  /** Makes the topics that are missing. `partitions`: of `stock-ticks`. */
  static async ensureTopics(log: MemoryLog, lanes: number, partitions = lanes): Promise<void> {
    for (const name of Object.values<string>({ ...topics })) {
      await log.ensureTopic({ name, partitions: name === topics.stockTicks ? partitions : lanes });
    }
  }

  /** Resolves when all layers have their lanes. */
  static async start(options: MemoryPipelineOptions): Promise<MemoryPipeline> {
    const pipeline = new MemoryPipeline(options);
    try {
      await pipeline.#start();
    } catch (error) {
      await pipeline.stop();
      throw error;
    }
    return pipeline;
  }

  async statuses(layer: LayerName): Promise<readonly LaneStatus[]> {
    return (await this.#layers.get(layer)?.statuses()) ?? [];
  }

  /** As when a stop is announced. */
  async publish(): Promise<void> {
    await Promise.all([...this.#layers.values()].map((layer) => layer.publish()));
  }

  /** Rejects with the error that ended a consumer. */
  get ended(): Promise<unknown> {
    return Promise.all(this.#consumers.map((consumer) => consumer.ended));
  }

  /** A clean stop, layer after layer; after `life.kill()` nothing of it reaches log or lake. */
  async stop(): Promise<void> {
    for (const consumer of this.#consumers) await consumer.stop();
    await this.#bronze.close();
  }

  async #start(): Promise<void> {
    const { rules } = this.options;
    const silver = new LayerRunner(silverWiring(topics, rules), this.#context(), () => quietCompanion);
    const gold = new GoldRunner(topics, rules, this.#context());
    this.#layers.set('bronze', this.#bronze).set('silver', silver).set('gold', gold);
    await this.#consume(topics.stockTicks, this.#bronze, 'record-time');
    await this.#consume(topics.bronzeTicks, silver, 'partition');
    await this.#consume(topics.silverTicks, gold, 'partition');
  }

  async #consume(topic: string, listener: LaneListener, order: 'record-time' | 'partition'): Promise<void> {
    const { log, batches } = this.options;
    const consumer = log.createConsumer({ topic, order, ...(batches && { limits: batches }) });
    this.#consumers.push(consumer);
    consumer.ended.catch(() => undefined);
    await consumer.start({
      assigned: async (partitions, failed) => {
        const positions = await listener.assigned(partitions, failed);
        this.startedAt.set(topic, positions);
        return positions;
      },
      batch: (batch) => listener.batch(batch),
      revoked: (partitions) => listener.revoked(partitions),
    });
  }

  #context(): PipelineContext {
    const { log, lake, limits = { maxRows: 100, maxMs: 3_600_000 }, observer = {} } = this.options;
    const { snapshots, snapshotMs = 0, version = 'test' } = this.options;
    return {
      log: this.life.log(log),
      lake: this.life.lake(lake),
      limits,
      ...(snapshots && {
        checkpoints: { store: this.life.snapshots(snapshots), intervalMs: snapshotMs },
      }),
      rules: version,
      observer,
    };
  }
}
