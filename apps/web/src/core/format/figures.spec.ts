import { count, decimal, precisionOf, signed, significant } from './figures.js';

describe('figures', () => {
  it('groups digits and says where nothing is known', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(count(null)).toBe('–');
    expect(decimal(187.3, 2)).toBe('187.30');
    expect(decimal(-0.5, 1)).toBe('−0.5');
  });

  it.each([
    [0.123, '+0.12'],
    [-0.123, '−0.12'],
    [0, '0.00'],
    [-0.001, '0.00'],
    [-1234.5, '−1,234.50'],
  ])('signs %d as %s', (value, shown) => {
    expect(signed(value, 2)).toBe(shown);
  });

  it.each([
    [0.00123456, '0.001235'],
    [187.31999, '187.3'],
    [12345.6, '12,346'],
    [1.5e-9, '1.500e−9'],
    [-3e12, '−3.000e+12'],
    [0, '0'],
  ])('shows %d as %s', (value, shown) => {
    expect(significant(value)).toBe(shown);
  });

  it.each([
    [187, 2],
    [187.321, 3],
    [1e-7, 7],
    [1.25e-7, 8],
    [1e21, 2],
  ])('%d has %d digits behind the point', (price, digits) => {
    expect(precisionOf(price)).toBe(digits);
  });
});
