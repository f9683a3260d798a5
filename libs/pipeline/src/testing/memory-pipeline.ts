import { topicNames } from '@engine/contracts';
import type { MemoryChainStore } from '@engine/lake/testing';
import { allProvisional, takeProvisional } from '@engine/medallion';
import type { GoldSettings, SilverSettings } from '@engine/medallion';
import type { LaneListener, LogConsumer, ReadLimits } from '@engine/stream/ports';
import type { MemoryLog } from '@engine/stream/testing';

import { BronzeRunner } from '../bronze-runner.js';
import { goldWiring } from '../gold-lane.js';
import type { PipelineContext } from '../lane-runner.js';
import { LayerRunner } from '../layer-runner.js';
import { ProvisionalUpdates } from '../provisional-updates.js';
import type { SegmentLimits } from '../segment-buffer.js';
import { silverWiring } from '../silver-lane.js';
import { Life } from './mortal.js';

export interface MemoryPipelineOptions {
  readonly log: MemoryLog;
  readonly lake: MemoryChainStore;
  readonly lanes: number;
  readonly rules: SilverSettings & GoldSettings;
  readonly limits?: SegmentLimits;
  readonly batches?: ReadLimits;
}

const quietCompanion = { processed: () => undefined, close: () => Promise.resolve() };
export const topics = topicNames();

/** Bronze, silver and gold in this process, over a log and a lake in memory: one life of the pipeline. */
export class MemoryPipeline {
  readonly life = new Life();
  readonly #consumers: LogConsumer[] = [];
  readonly #bronze: BronzeRunner;

  private constructor(private readonly options: MemoryPipelineOptions) {
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
    const { rules } = options;
    const silver = new LayerRunner(silverWiring(topics, rules), pipeline.#context(), () => quietCompanion);
    const gold = new LayerRunner(goldWiring(topics, rules), pipeline.#context(), (runner) => {
      return new ProvisionalUpdates({
        isReplaying: () => runner.isReplaying,
        takeChanged: () => takeProvisional(runner.state),
        all: () => [...allProvisional(runner.state)],
        emit: (updates) => runner.emit(updates),
      });
    });
    await pipeline.#consume(topics.stockTicks, pipeline.#bronze, 'record-time');
    await pipeline.#consume(topics.bronzeTicks, silver, 'partition');
    await pipeline.#consume(topics.silverTicks, gold, 'partition');
    return pipeline;
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

  async #consume(topic: string, listener: LaneListener, order: 'record-time' | 'partition'): Promise<void> {
    const { log, batches } = this.options;
    const consumer = log.createConsumer({ topic, order, ...(batches && { limits: batches }) });
    this.#consumers.push(consumer);
    consumer.ended.catch(() => undefined);
    await consumer.start(listener);
  }

  #context(): PipelineContext {
    const { log, lake, limits = { maxRows: 100, maxMs: 3_600_000 } } = this.options;
    return { log: this.life.log(log), lake: this.life.lake(lake), limits, rules: 'test', observer: {} };
  }
}
