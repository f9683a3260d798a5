import fc from 'fast-check';
import { rollingBand } from './rolling-band.js';

describe('moving average and volatility band', () => {
  it('is the mean and the sample deviation of the last five', () => {
    // Python's statistics.mean and statistics.stdev (exact rational arithmetic) over the last five of 1, 2, 4, 8, 16, 32.
    const means = [1, 1.5, 2.3333333333333335, 3.75, 6.2, 12.4];
    const deviations = [
      0.7071067811865476, 1.5275252316519468, 3.095695936834452, 6.099180272790763, 12.198360545581526,
    ];
    const band = rollingBand([1, 2, 4, 8, 16, 32]);
    for (const [at, mean] of means.entries()) expect(band[at]?.sma).toBeCloseTo(mean, 14);
    expect(band[0]?.volatility).toBeNull();
    for (const [at, deviation] of deviations.entries())
      expect(band[at + 1]?.volatility).toBeCloseTo(deviation, 14);
  });

  it('is exactly 0 wide where the price stands still, after a spike too', () => {
    const band = rollingBand([5e6, 9e6, 5e6, 5e6, 5e6, 5e6, 5e6]);
    expect(band.at(-1)).toEqual({ sma: 5e6, volatility: 0 });
  });

  it('goes on from an index as if it had been computed from the start', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e6, noNaN: true })),
        fc.nat({ max: 20 }),
        (closes, from) => {
          expect(rollingBand(closes, from)).toEqual(rollingBand(closes).slice(from));
        },
      ),
    );
  });
});
