import fc from 'fast-check';
import { RecordedPace, SteadyPace } from './pacer.js';

describe('SteadyPace', () => {
  it('gives the rate on average and never runs ahead, however irregularly it is asked', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 5000, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 100 }),
        (rate, steps) => {
          const pace = new SteadyPace(rate, 1000);
          let nowMs = 1000;
          let taken = 0;
          for (const step of steps) {
            nowMs += step;
            taken += pace.takeDue(nowMs, Infinity).length;
            const expected = ((nowMs - 1000) * rate) / 1000;
            expect(Math.abs(taken - expected)).toBeLessThanOrEqual(1 + 1e-6 * expected);
          }
        },
      ),
    );
  });

  it('spreads the rows of a burst evenly', () => {
    expect(new SteadyPace(100, 0).takeDue(50, 10)).toEqual([10, 20, 30, 40, 50]);
  });

  it('makes up for at most a second after a stall', () => {
    const pace = new SteadyPace(100, 0);
    expect(pace.takeDue(3_600_000, Infinity).length).toBeLessThanOrEqual(101);
    expect(pace.takeDue(3_601_000, Infinity)).toHaveLength(100);
  });

  it('leaves what is above the limit for the next time', () => {
    const pace = new SteadyPace(1000, 0);
    expect(pace.takeDue(100, 60)).toHaveLength(60);
    expect(pace.takeDue(100, 60)).toHaveLength(40);
  });

  it('waits for the next row, and for 20 ms at least', () => {
    const slow = new SteadyPace(2, 0);
    expect(slow.waitMs(100)).toBe(400);
    const fast = new SteadyPace(10_000, 0);
    fast.takeDue(100, Infinity);
    expect(fast.waitMs(105)).toBe(15);
    expect(fast.waitMs(130)).toBe(0);
  });
});

describe('RecordedPace', () => {
  const secondsUs = (...seconds: (number | null)[]): (number | null)[] =>
    seconds.map((second) => (second === null ? null : 1.7e15 + second * 1e6));
  const due = (speed: number, ...seconds: (number | null)[]): number[] => {
    const pace = new RecordedPace(speed);
    const timesUs = secondsUs(...seconds);
    return timesUs.map((_, i) => pace.dueMs(timesUs, i, 5000));
  };

  it('keeps the gaps as recorded', () => {
    expect(due(1, 0, 1, 1, 2.5)).toEqual([5000, 6000, 6000, 7500]);
  });

  it('divides the gaps by the speed', () => {
    expect(due(10, 0, 1, 2.5)).toEqual([5000, 5100, 5250]);
    expect(due(0.5, 0, 1)).toEqual([5000, 7000]);
  });

  it('lets rows without a time, and late ones, go at once', () => {
    expect(due(1, 0, null, 10, 3, 11)).toEqual([5000, 5000, 15_000, 15_000, 16_000]);
  });

  it('keeps a night between two days', () => {
    const night = 17.5 * 3600;
    expect(due(1, 0, 1, 2, night, night + 1, night + 2).at(-1)).toBe(5000 + (night + 2) * 1000);
  });

  it.each([
    { where: 'in the middle', seconds: [0, 1, 9e9, 2, 3], last: 8000 },
    { where: 'at the start', seconds: [9e9, 0, 1, 2, 3], last: 8000 },
    { where: 'at the end', seconds: [0, 1, 2, 9e9], last: 7000 },
    { where: 'twice', seconds: [0, 1, 9e9, 9e9, 2, 2.5, 3], last: 8000 },
    { where: 'twice, one behind the other', seconds: [0, 1, 9e9, 2, 9.1e9, 2.5, 3], last: 8000 },
    { where: 'from the far past at the start', seconds: [-9e8, 0, 1, 2, 3], last: 8000 },
  ])('is not held up by a wrong clock $where', ({ seconds, last }) => {
    expect(Math.abs(due(1, ...seconds).at(-1)! - last)).toBeLessThanOrEqual(1000);
  });
});
