import { allProvisional, takeProvisional } from '@engine/medallion';
import type { GoldSettings, GoldState, GoldUpdate, SilverMessage } from '@engine/medallion';

import { goldWiring } from './gold-lane.js';
import type { GoldTopics } from './gold-lane.js';
import type { PipelineContext } from './lane-wiring.js';
import { LayerRunner } from './layer-runner.js';
import { ProvisionalUpdates } from './provisional-updates.js';

/** Runs gold over its lanes; what is provisional is sent on as it changes. */
export class GoldRunner extends LayerRunner<GoldState, SilverMessage, GoldUpdate> {
  constructor(topics: GoldTopics, settings: GoldSettings, context: PipelineContext) {
    super(
      goldWiring(topics, settings),
      context,
      (runner) =>
        new ProvisionalUpdates({
          isReplaying: () => runner.isReplaying,
          takeChanged: () => takeProvisional(runner.state),
          // Else whatever is open was touched since.
          unknown: () => (runner.isRestored ? allProvisional(runner.state) : [][Symbol.iterator]()),
          emit: (updates) => runner.emit(updates),
          failed: (error) => {
            runner.failed(error);
          },
        }),
    );
  }
}
