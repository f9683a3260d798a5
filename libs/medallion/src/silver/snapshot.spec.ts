import { unpackLists } from '../snapshot/lists.js';
import { describeSnapshots } from '../snapshot/snapshots.contract.js';
import { silverLanes, tightSettings } from './lanes.contract.js';
import { silverLayer } from './silver-layer.js';
import { silverSnapshot } from './snapshot.js';
import { closingMarkerUs, nextCloseUs } from './state.js';
import type { SilverState } from './state.js';

describe('a snapshot of silver', () => {
  const layer = silverLayer(tightSettings);

  describeSnapshots({
    layer,
    lanes: silverLanes,
    seen: (state) => ({
      nextCloseUs: nextCloseUs(state),
      closingMarkerUs: closingMarkerUs(state),
      rest: withKeysInOrder(state),
    }),
  });

  it.each([
    [{ allowedLatenessUs: 1 }, 'its allowedLatenessUs is 20000000, wanted is 1'],
    [{ silverRows: 4 }, 'its silverRows is 3, wanted is 4'],
    [{ windowUs: 50_000_000 }, 'its windowUs is 60000000, wanted is 50000000'],
    [{ barIntervals: [] }, 'its barIntervals is 5s,1m,1d, wanted is '],
    [{ dedupWithoutId: 'never' as const }, 'its dedupWithoutId is content, wanted is never'],
  ])('is refused under %j', (other, message) => {
    const snapshot = layer.snapshot(layer.initial());
    const changed = silverLayer({ ...tightSettings, ...other });
    expect(() => changed.restore(snapshot)).toThrow(RangeError);
    expect(() => changed.restore(snapshot)).toThrow(message);
  });
});

/** A state's snapshot, the ids of each source sorted: in which order they are kept depends on when which were forgotten. */
function withKeysInOrder(state: SilverState): unknown {
  const snapshot = silverSnapshot(state, tightSettings);
  const { keys, times, ...trades } = snapshot.symbols.columns.trades;
  const timesOf = unpackLists({ lengths: keys.lengths, values: times });
  const known = unpackLists(keys).map((list, source) =>
    list.map((key, at) => [key, timesOf[source]![at]!] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const columns = { ...snapshot.symbols.columns, trades: { ...trades, known } };
  return { ...snapshot, symbols: { ...snapshot.symbols, columns } };
}
