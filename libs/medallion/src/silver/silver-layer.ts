import { SlidingWindows } from '@engine/window';

import type { LaneRecord, Layer } from '../layer.js';
import { silverMarkers, silverTicks, silverWindows } from '../tables.js';
import type { BronzeMessage, SilverMessage } from '../ticks.js';
import type { SilverSettings } from './settings.js';
import { assertSilverSettings } from './settings.js';
import { SilverRun } from './silver-run.js';
import { restoreSilver, silverSnapshot } from './snapshot.js';
import type { SilverState } from './state.js';
import { initialSilverState } from './state.js';

/**
 * Makes ticks trustworthy: refuses duplicates, late and future-stamped ones (kept, with the verdict), marks those out of
 * order, computes the features of each tick and the sliding windows. Throws a RangeError that names a setting out of range.
 */
export function silverLayer(settings: SilverSettings): Layer<SilverState, BronzeMessage, SilverMessage> {
  assertSilverSettings(settings);
  const definition = new SlidingWindows(settings.windowUs, settings.windowSlideUs);
  return {
    name: 'silver',
    tables: [silverTicks, silverMarkers, silverWindows],
    initial: () => initialSilverState(settings, definition),
    apply(state, records) {
      const run = new SilverRun(state, settings, definition, ticksIn(records));
      for (const { offset, message } of records)
        if (message.kind === 'ticks') run.ticks(offset, message.ticks);
        else run.marker(offset, message.markerUs);
      return run.output();
    },
    snapshot: (state) => silverSnapshot(state, settings),
    restore: (snapshot) => restoreSilver(snapshot, settings, definition),
    clockUs: ({ clock }) => (clock.us === -Infinity ? null : clock.us),
    symbols: ({ symbols }) => symbols.size,
  };
}

const ticksIn = (records: readonly LaneRecord<BronzeMessage>[]): number =>
  records.reduce((sum, { message }) => sum + (message.kind === 'ticks' ? message.ticks.n : 0), 0);
