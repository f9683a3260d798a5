import { LaneClock } from './lane-clock.js';

describe('LaneClock', () => {
  it('is the highest event time or marker and never goes back', () => {
    const clock = new LaneClock();
    expect(clock.us).toBe(-Infinity);
    expect([clock.tick(10), clock.tick(5)]).toEqual([10, 10]);
    expect([clock.marker(12), clock.us]).toEqual([true, 12]);
    expect([clock.marker(12), clock.marker(11), clock.us]).toEqual([false, false, 12]);
  });

  it('takes a marker behind the clock that is above the previous marker', () => {
    const clock = new LaneClock();
    clock.tick(100);
    expect([clock.marker(50), clock.us]).toEqual([true, 100]);
    expect(clock.marker(49)).toBe(false);
  });

  it('goes on from a snapshot, its last marker included', () => {
    const clock = new LaneClock();
    clock.marker(50);
    const snapshot = clock.snapshot();
    clock.tick(100);
    const restored = LaneClock.restore(snapshot);
    expect([restored.us, restored.marker(50), restored.tick(60)]).toEqual([50, false, 60]);
    expect(LaneClock.restore(snapshot).us).toBe(50);
  });
});
