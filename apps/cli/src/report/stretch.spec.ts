import fc from 'fast-check';

import { describeStretch, stretchFor } from './stretch.js';

const SECOND = 1_000_000;
const DAY = 86_400 * SECOND;

describe('the stretch of a point', () => {
  it.each([
    [0, '100 ms'],
    [49.9 * SECOND, '100 ms'],
    [400 * SECOND, '1 s'],
    [23_400 * SECOND, '1 min'],
    [30 * DAY, '2 h'],
    [3_650 * DAY, '8 d'],
  ])('of %d µs is %s', (span, expected) => {
    expect(describeStretch(stretchFor(0, span, 500))).toBe(expected);
  });

  it('never makes more points than asked for', () => {
    const times = fc.integer({ min: 0, max: 285 * 365 * DAY });
    fc.assert(
      fc.property(times, times, fc.integer({ min: 2, max: 1000 }), (a, b, points) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)];
        const stretch = stretchFor(first, last, points);
        expect(Math.floor(last / stretch) - Math.floor(first / stretch) + 1).toBeLessThanOrEqual(points);
      }),
    );
  });
});
