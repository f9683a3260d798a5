import type { LaneReport } from '@engine/contracts/api';
import { layerState } from './layer-state.js';
import { ProgressWatch } from './progress-watch.js';

const lane = (differently: Partial<LaneReport> = {}): LaneReport => ({
  layer: 'silver',
  lane: 0,
  topic: 'bronze-ticks',
  inputEnd: 10,
  position: 0,
  lag: 10,
  processed: 10,
  pending: 0,
  lagSeconds: 0,
  watermark: null,
  freshnessSeconds: null,
  verdicts: {},
  lastSegment: null,
  ...differently,
});

const behind = lane({ processed: 4, pending: 6, lagSeconds: 70 });

describe('ProgressWatch', () => {
  it('calls a lane stalled that has work and did not move for a minute', () => {
    const watch = new ProgressWatch();
    watch.look('silver', [behind], 0);
    watch.look('silver', [behind], 59_999);
    expect(watch.isStalled(behind, 59_999)).toBe(false);
    expect(watch.isStalled(behind, 60_000)).toBe(true);
    watch.look('silver', [{ ...behind, processed: 5 }], 60_000);
    expect(watch.isStalled(behind, 119_999)).toBe(false);
  });

  it('does not count the time in which there was nothing to do', () => {
    const watch = new ProgressWatch();
    watch.look('silver', [lane()], 0);
    watch.look('silver', [lane()], 500_000);
    watch.look('silver', [lane({ inputEnd: 11, pending: 1 })], 500_001);
    expect(watch.isStalled(lane({ pending: 1 }), 559_999)).toBe(false);
    expect(watch.isStalled(lane({ pending: 1 }), 560_000)).toBe(true);
  });

  it('knows the speed from the second look on, over the last 10 s', () => {
    const watch = new ProgressWatch();
    watch.look('silver', [lane({ processed: 0 })], 0);
    expect(watch.recordsPerSecond('silver')).toBeNull();
    watch.look('silver', [lane({ processed: 100 }), lane({ lane: 1, processed: 100 })], 2000);
    expect(watch.recordsPerSecond('silver')).toBe(100);
    for (let at = 3000; at <= 20_000; at += 1000) watch.look('silver', [lane({ processed: 200 })], at);
    expect(watch.recordsPerSecond('silver')).toBe(0);
  });
});

describe('layerState', () => {
  it.each([
    [[lane({ inputEnd: 0, processed: 0 })], [], 'waiting', 'Nothing came in yet'],
    [[lane(), lane({ pending: 3, lagSeconds: 0.3 })], [], 'current', 'All that came in is processed'],
    [[lane(), lane({ pending: 1, lagSeconds: 7.2 })], [], 'behind', '1 record to go, the oldest 7 s old'],
    [[lane(), behind], [behind], 'stalled', 'Lane 0 stands at 4 of 10 for over a minute: is silver running?'],
  ])('%#: is told with its reason', (lanes, stalled, state, reason) => {
    expect(layerState(lanes, stalled)).toEqual({ state, reason });
  });
});
