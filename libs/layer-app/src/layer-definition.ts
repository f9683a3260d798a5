import type { LayerConfig } from '@engine/config';
import type { LaneStatus, TopicNames } from '@engine/contracts';
import type { StallClock } from '@engine/observability';
import type { PipelineContext } from '@engine/pipeline';
import type { ConsumerOptions, LaneListener } from '@engine/stream';
import type { Type } from '@nestjs/common';

/** What runs a layer over its lanes. */
export abstract class LayerWork implements LaneListener {
  abstract assigned: LaneListener['assigned'];
  abstract batch: LaneListener['batch'];
  abstract revoked: LaneListener['revoked'];
  passed?(lane: number, offset: number): void;
  abstract statuses(): Promise<readonly LaneStatus[]>;
  /** Publishes all rows that wait, and goes on. */
  publish?(): Promise<void>;
  /** Lets go of what outlives the lanes. */
  close?(): Promise<void>;
  /** Closes every window and bar that is still open. */
  closeWindows?(): Promise<void>;
}

/** What one layer's app is made of; the rest is the same for all. */
export interface LayerDefinition {
  readonly config: LayerConfig;
  /** The topic it reads, as `@LaneHandler` names it, and its role among the topics. */
  readonly input: {
    readonly handler: string;
    readonly role: keyof TopicNames;
    readonly order: NonNullable<ConsumerOptions['order']>;
  };
  /** Topics that must be there, the input's included. */
  readonly topics: readonly (keyof TopicNames)[];
  /** Has the method marked `@LaneHandler`. */
  readonly controller: Type;
  /** Of the stall watch. Default: the machine's. */
  readonly clock?: StallClock;
  createWork(context: PipelineContext, topics: TopicNames): LayerWork;
}
