import type { LayerConfig } from '@engine/config';
import type { LayerDefinition } from '@engine/layer-app';
import { BronzeRunner } from '@engine/pipeline';

import { BronzeController } from './bronze.controller.js';

/** Bronze: keeps every record, in the order of record time while several partitions have a backlog. */
export function bronzeDefinition(config: LayerConfig): LayerDefinition {
  return {
    config,
    input: { handler: 'stock-ticks', role: 'stockTicks', order: 'record-time' },
    topics: ['stockTicks', 'bronzeTicks', 'deadLetters'],
    controller: BronzeController,
    createWork: (context, topics) => new BronzeRunner({ ...topics, lanes: config.lanes }, context),
  };
}
