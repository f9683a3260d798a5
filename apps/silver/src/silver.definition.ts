import type { LayerConfig } from '@engine/config';
import type { LayerDefinition } from '@engine/layer-app';
import { SilverRunner } from '@engine/pipeline';

import { SilverController } from './silver.controller.js';

/** Silver: makes ticks trustworthy, and lets time pass in a lane without ticks. */
export function silverDefinition(config: LayerConfig): LayerDefinition {
  return {
    config,
    input: { handler: 'bronze-ticks', role: 'bronzeTicks', order: 'partition' },
    topics: ['bronzeTicks', 'silverTicks'],
    controller: SilverController,
    createWork: (context, topics) => new SilverRunner(topics, config.rules, context),
  };
}
