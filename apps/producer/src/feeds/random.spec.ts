import { Normal, SmallFastCounter } from './random.js';

const take = (n: number, next: () => number): number[] => Array.from({ length: n }, next);
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('SmallFastCounter', () => {
  it('gives the same numbers for the same seed, others for another', () => {
    const numbersOf = (seed: string): number[] => {
      const random = new SmallFastCounter(seed);
      return take(100, () => random.next());
    };
    expect(numbersOf('a')).toEqual(numbersOf('a'));
    expect(numbersOf('a')).not.toEqual(numbersOf('b'));
  });

  it('is uniform in [0, 1)', () => {
    const random = new SmallFastCounter('uniform');
    const counts = new Array<number>(10).fill(0);
    for (const x of take(100_000, () => random.next())) counts[Math.floor(x * 10)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('Normal', () => {
  it('has mean 0, deviation 1 and 4.55 % outside of two deviations', () => {
    const normal = new Normal(new SmallFastCounter('normal'));
    const values = take(100_000, () => normal.next());
    expect(Math.abs(mean(values))).toBeLessThan(0.02);
    expect(Math.abs(mean(values.map((x) => x * x)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((x) => Number(Math.abs(x) > 2))) - 0.0455)).toBeLessThan(0.004);
  });
});
