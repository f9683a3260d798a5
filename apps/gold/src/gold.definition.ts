import type { LayerConfig } from '@engine/config';
import type { LayerDefinition } from '@engine/layer-app';
import { allProvisional, takeProvisional } from '@engine/medallion';
import type { GoldState, GoldUpdate, SilverMessage } from '@engine/medallion';
import { goldWiring, LayerRunner, ProvisionalUpdates } from '@engine/pipeline';
import type { LaneRunner } from '@engine/pipeline';

import { GoldController } from './gold.controller.js';

/** Gold: bars and metrics, provisional ones sent on as they change. */
export function goldDefinition(config: LayerConfig): LayerDefinition {
  return {
    config,
    input: { handler: 'silver-ticks', role: 'silverTicks', order: 'partition' },
    topics: ['silverTicks', 'goldUpdates'],
    controller: GoldController,
    createWork: (context, topics) =>
      new LayerRunner(goldWiring(topics, config.rules), context, provisionalUpdates),
  };
}

function provisionalUpdates(
  runner: LaneRunner<GoldState, SilverMessage, GoldUpdate>,
): ProvisionalUpdates<GoldUpdate> {
  return new ProvisionalUpdates({
    isReplaying: () => runner.isReplaying,
    takeChanged: () => takeProvisional(runner.state),
    all: () => [...allProvisional(runner.state)],
    emit: (updates) => runner.emit(updates),
    failed: (error) => {
      runner.failed(error);
    },
  });
}
