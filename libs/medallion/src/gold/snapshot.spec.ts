import type { LaneRecord } from '../layer.js';
import { silverLanes, tightSettings } from '../silver/lanes.contract.js';
import { silverLayer } from '../silver/silver-layer.js';
import { describeSnapshots } from '../snapshot/snapshots.contract.js';
import type { SilverMessage } from '../ticks.js';
import { goldLayer } from './gold-layer.js';
import { allProvisional, takeProvisional } from './provisional.js';
import { SilverSender, tick } from './testing.js';

/** What silver sends to gold, one message a record. */
const goldLanes = silverLanes.map((records): LaneRecord<SilverMessage>[] => {
  const silver = silverLayer(tightSettings);
  const { emitted } = silver.apply(silver.initial(), records);
  return emitted.map((message, offset) => ({ offset, message }));
});

describe('a snapshot of gold', () => {
  const layer = goldLayer(tightSettings);

  describeSnapshots({
    layer,
    lanes: goldLanes,
    seen: (state) => ({ provisional: [...allProvisional(state)], rest: layer.snapshot(state) }),
  });

  it('does not know what was shown: only what is touched from then on counts as such', () => {
    const sender = new SilverSender();
    const records = [tick('A', 1, 100), tick('A', 2, 101)].map((row, offset) => ({
      offset,
      message: sender.ticks([row]),
    }));
    const state = layer.initial();
    layer.apply(state, records.slice(0, 1));
    const restored = layer.restore(layer.snapshot(state));
    expect(takeProvisional(restored)).toEqual([]);
    layer.apply(restored, records.slice(1));
    expect(takeProvisional(restored)).toEqual([...allProvisional(restored)].flat());
    expect(takeProvisional(restored)).toEqual([]);
  });

  it.each([
    [{ allowedLatenessUs: 1 }, 'its allowedLatenessUs is 20000000, wanted is 1'],
    [{ barIntervals: [] }, 'its barIntervals is 5s,1m,1d, wanted is '],
    [{ maxSymbols: 4 }, 'its maxSymbols is 3, wanted is 4'],
  ])('is refused under %j', (other, message) => {
    const snapshot = layer.snapshot(layer.initial());
    const changed = goldLayer({ ...tightSettings, ...other });
    expect(() => changed.restore(snapshot)).toThrow(RangeError);
    expect(() => changed.restore(snapshot)).toThrow(message);
  });
});
