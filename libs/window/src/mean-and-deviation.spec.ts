import fc from 'fast-check';
import { meanAndDeviation } from './mean-and-deviation.js';

const of = (values: readonly number[], lost?: number): [number, number | null] => {
  const { mean, deviation } = meanAndDeviation(values, 0, values.length, { mean: 0, deviation: 0 }, lost);
  return [mean, deviation];
};

describe('meanAndDeviation', () => {
  it('has the sample deviation by default, the population deviation on demand', () => {
    expect(of([2, 4, 4, 4, 5, 5, 7, 9], 0)).toEqual([5, 2]);
    expect(of([2, 4, 4, 4, 5, 5, 7, 9])).toEqual([5, Math.sqrt(32 / 7)]);
  });

  it('has no sample deviation of one value', () => {
    expect(of([101.5])).toEqual([101.5, null]);
    expect(of([101.5], 0)).toEqual([101.5, 0]);
  });

  it('keeps its digits near 5,000,000, where E[x²]-E[x]² gives 0', () => {
    const prices = [5_000_000.001, 5_000_000.011, 5_000_000.006, 5_000_000.014];
    expect(of(prices)[1]).toBeCloseTo(0.005715476, 8);
  });

  it.each([0.1, 101.37, 1e15, 1e-9, 5e-324])(
    'gives exactly the price and 0 for equal prices of %d',
    (price) => {
      expect(of(Array<number>(20).fill(price))).toEqual([price, 0]);
    },
  );

  it('forgets a spike that left the window, to the last bit', () => {
    const prices = new Float64Array([1e15, 1.1, 1.2, 1.3]);
    const after = meanAndDeviation(prices, 1, 4, { mean: 0, deviation: 0 });
    expect([after.mean, after.deviation]).toEqual(of([1.1, 1.2, 1.3]));
  });

  it('takes values at 1e15 and 1e-9', () => {
    expect(of([1e15, 1e15 - 2])).toEqual([1e15 - 1, Math.SQRT2]);
    expect(of([1e-9, 3e-9])[1]).toBeCloseTo(Math.SQRT2 * 1e-9, 20);
  });

  it('is what the definition says, on any numbers', () => {
    const values = fc.array(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), {
      minLength: 2,
      maxLength: 30,
    });
    fc.assert(
      fc.property(values, (x) => {
        const d = x.map((value) => value - x[0]!);
        const meanOfD = d.reduce((sum, value) => sum + value, 0) / x.length;
        const squares = d.reduce((sum, value) => sum + (value - meanOfD) ** 2, 0);
        expect(of(x)).toEqual([x[0]! + meanOfD, Math.sqrt(squares / (x.length - 1))]);
      }),
    );
  });
});
