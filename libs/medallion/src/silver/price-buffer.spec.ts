import { meanAndDeviation } from '@engine/window';
import fc from 'fast-check';

import { PriceBuffer } from './price-buffer.js';

const figures = { mean: 0, deviation: null };

describe('PriceBuffer', () => {
  it('keeps prices of one time in the order of arrival', () => {
    const buffer = new PriceBuffer();
    // Another order gives other bits: the first price is the one the differences are taken to.
    for (const [time, price] of [
      [9, 5],
      [3, 0.1],
      [3, 0.7],
      [3, 0.3],
    ] as const)
      buffer.add(time, price, 0);
    expect(buffer.describe(3, 4, { mean: 0, deviation: null })).toBe(3);
    const wanted = meanAndDeviation([0.1, 0.7, 0.3], 0, 3, { mean: 0, deviation: null });
    const got = { mean: 0, deviation: null };
    buffer.describe(3, 4, got);
    expect(got).toEqual(wanted);
    expect(got).not.toEqual(meanAndDeviation([0.3, 0.7, 0.1], 0, 3, { mean: 0, deviation: null }));
  });

  it('equals a stable sort of what is still needed, while it moves, grows, shrinks and goes on from snapshots', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: -20, max: 8 }), fc.double({ min: 1, max: 2, noNaN: true })),
      {
        minLength: 50,
        maxLength: 300,
      },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 20, max: 60 }), (all, horizon) => {
        let buffer = new PriceBuffer();
        const list: { time: number; price: number }[] = [];
        let newest = 0;
        for (const [step, price] of all) {
          const time = newest + step;
          newest = Math.max(newest, time);
          buffer.add(time, price, newest - horizon);
          if (step === 0) buffer = PriceBuffer.restore(buffer.snapshot(newest - horizon));
          list.push({ time, price });
          const needed = list
            .filter((entry) => entry.time >= newest - horizon)
            .sort((a, b) => a.time - b.time);
          const prices = needed.map((entry) => entry.price);
          const wanted = meanAndDeviation(prices, 0, prices.length, { mean: 0, deviation: null });
          expect(buffer.describe(newest - horizon, newest + 1, figures)).toBe(prices.length);
          expect(figures).toEqual(wanted);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is as large as what is needed: it gives back what a burst took', () => {
    const buffer = new PriceBuffer();
    for (let i = 0; i < 10_000; i++) buffer.add(i, 1, 0);
    expect(buffer.size).toBe(10_000);
    for (let i = 10_000; i < 60_000; i++) buffer.add(i, 1, i - 10);
    expect(buffer.capacity).toBeLessThan(256);
  });
});
