import type { LayerConfig } from '@engine/config';
import type { LayerDefinition } from '@engine/layer-app';
import { GoldRunner } from '@engine/pipeline';

import { GoldController } from './gold.controller.js';

/** Gold: bars and metrics, provisional ones sent on as they change. */
export function goldDefinition(config: LayerConfig): LayerDefinition {
  return {
    config,
    input: { handler: 'silver-ticks', role: 'silverTicks', order: 'partition' },
    topics: ['silverTicks', 'goldUpdates'],
    controller: GoldController,
    createWork: (context, topics) => new GoldRunner(topics, config.rules, context),
  };
}
