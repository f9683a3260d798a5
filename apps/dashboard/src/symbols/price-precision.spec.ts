import { pricePrecision } from './price-precision.js';

describe('pricePrecision', () => {
  it.each([
    [[187.32], 2],
    [[100], 2],
    [[187.3], 2],
    [[1.08345], 5],
    [[100, 0.5, 0.0625], 4],
    [[0.00001234], 8],
    [[1e-7], 7],
    [[1.5e-7], 8],
    [[1e21], 2],
    [[0.1 + 0.2], 8],
    [[], 2],
  ])('%j: %d', (prices, digits) => {
    expect(pricePrecision(prices)).toBe(digits);
  });
});
