import type { Layer } from '../layer.js';
import { goldBars, goldMetrics } from '../tables.js';
import type { SilverMessage } from '../ticks.js';
import { GoldRun } from './gold-run.js';
import type { GoldSettings } from './settings.js';
import { assertGoldSettings } from './settings.js';
import { goldSnapshot, restoreGold } from './snapshot.js';
import type { GoldState } from './state.js';
import { initialGoldState } from './state.js';
import type { GoldUpdate } from './update.js';

/**
 * Derives what people ask for: bars of all intervals and metrics per symbol, final when they close, corrected when a tick of
 * a lagging symbol still counts. Emits each published row. Throws a RangeError that names a setting out of range.
 */
export function goldLayer(settings: GoldSettings): Layer<GoldState, SilverMessage, GoldUpdate> {
  assertGoldSettings(settings);
  return {
    name: 'gold',
    tables: [goldBars, goldMetrics],
    initial: () => initialGoldState(settings),
    apply(state, records) {
      const run = new GoldRun(state, settings);
      for (const { message } of records)
        if (message.kind === 'ticks') run.ticks(message.ticks);
        else run.marker(message);
      return run.output();
    },
    snapshot: (state) => goldSnapshot(state, settings),
    restore: (snapshot) => restoreGold(snapshot, settings),
    clockUs: ({ clock }) => (clock.us === -Infinity ? null : clock.us),
    symbols: ({ symbols }) => symbols.size,
  };
}
