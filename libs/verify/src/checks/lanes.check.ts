import { layerTables } from '../verify-context.js';
import type { VerifyContext } from '../verify-context.js';
import type { Check } from '../finding.js';
import { unlessUnreadable } from '../rows/unless-unreadable.js';
import { RecomputedLane } from '../lanes/recomputed-lane.js';

/** Silver and gold are what their layers make of bronze. */
export const lanesCheck: Check = {
  name: 'silver and gold recomputed',
  async *run(context) {
    const layers = context.layers.filter((layer) => layer !== 'bronze');
    if (layers.length === 0) return;
    for (const lane of lanesOf(context))
      yield* unlessUnreadable(
        `lane=${lane} of ${layers.join(' and ')}`,
        new RecomputedLane(context, lane).run(),
      );
  },
};

function lanesOf(context: VerifyContext): readonly number[] {
  const tables = [...layerTables.silver, ...layerTables.gold];
  const lanes = new Set(tables.flatMap((table) => context.chainsOf(table).map(({ lane }) => lane)));
  return [...lanes].filter((lane) => lane < context.lanes).sort((one, other) => one - other);
}
