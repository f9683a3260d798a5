import type { LayerName } from '@engine/medallion';
import { BronzeRunner, GoldRunner, SilverRunner } from '@engine/pipeline';
import type { PipelineContext } from '@engine/pipeline';
import type { ConsumerOptions, LaneListener } from '@engine/stream/ports';

import { IDLE_MS, LANES, settings, topics } from './settings.js';

/** What runs a layer, and where it reads. */
export interface LayerWork {
  readonly listener: LaneListener;
  readonly input: Required<Pick<ConsumerOptions, 'topic' | 'order' | 'group'>>;
  /** Publishes what is open, and corrections that wait, as at the end of a file. */
  closeWindows?(): Promise<void>;
  close(): Promise<void>;
}

/** A layer as its app puts it together. */
export function layerWork(layer: LayerName, context: PipelineContext): LayerWork {
  return { bronze: bronzeWork, silver: silverWork, gold: goldWork }[layer](context);
}

function bronzeWork(context: PipelineContext): LayerWork {
  const runner = new BronzeRunner({ ...topics, lanes: LANES }, context);
  return {
    listener: runner,
    input: { topic: topics.stockTicks, order: 'record-time', group: 'bronze' },
    close: () => runner.close(),
  };
}

function silverWork(context: PipelineContext): LayerWork {
  const runner = new SilverRunner(topics, { ...settings, idleMs: IDLE_MS }, context);
  return {
    listener: runner,
    input: { topic: topics.bronzeTicks, order: 'partition', group: 'silver' },
    closeWindows: () => runner.closeWindows(),
    close: () => runner.close(),
  };
}

function goldWork(context: PipelineContext): LayerWork {
  return {
    listener: new GoldRunner(topics, settings, context),
    input: { topic: topics.silverTicks, order: 'partition', group: 'gold' },
    close: () => Promise.resolve(),
  };
}
