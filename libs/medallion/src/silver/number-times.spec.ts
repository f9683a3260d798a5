import fc from 'fast-check';

import { NumberTimes } from './number-times.js';

describe('NumberTimes', () => {
  it('is what a Map is, in its order', () => {
    // Many that differ only above 2^32, or only in steps of a power of two, or are the same.
    const number = fc.oneof(
      fc.nat(20),
      fc.nat(2 ** 20).map((high) => high * 2 ** 32),
      fc.nat(2 ** 20).map((step) => step * 4096),
      fc.maxSafeNat(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, fc.nat(1000)), { maxLength: 300 }),
        fc.nat(300),
        (some, rising) => {
          // The first of them rise, as trades of most feeds do.
          const sorted = some.slice(0, rising).sort(([one], [other]) => one - other);
          const all = [...sorted, ...some.slice(rising)];
          const [times, map] = [new NumberTimes(), new Map<number, number>()];
          for (const [key, time] of all) {
            expect(times.get(key)).toBe(map.get(key));
            times.set(key, time);
            map.set(key, time);
          }
          expect([...times.entries()]).toEqual([...map]);
          expect(times.size).toBe(map.size);
        },
      ),
    );
  });
});
