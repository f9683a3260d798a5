import fc from 'fast-check';
import { parseBarInterval } from './bar-interval.js';

describe('parseBarInterval', () => {
  it.each([
    ['1s', 1e6],
    ['90s', 90e6],
    ['1m', 60e6],
    ['5m', 300e6],
    ['1h', 3600e6],
    ['1d', 86400e6],
  ])('reads %s', (name, sizeUs) => {
    expect(parseBarInterval(name)).toMatchObject({ name, sizeUs });
  });

  it.each(['', '0s', '7m', '2d', '48h', '1', 'm', '1M', '01m', '-1m', '1.5m', ' 1m', '1m1s', '99999999s'])(
    'refuses %j with field, value and remedy',
    (text) => {
      expect(() => parseBarInterval(text, 'BAR_INTERVALS')).toThrow(RangeError);
      expect(() => parseBarInterval(text, 'BAR_INTERVALS')).toThrow(`BAR_INTERVALS: ${JSON.stringify(text)}`);
      expect(() => parseBarInterval(text)).toThrow('use one such as 1s, 1m, 5m, 1h or 1d');
    },
  );
});

describe('BarInterval', () => {
  it('starts days at midnight UTC, on leap days too', () => {
    const noon = Date.UTC(2024, 1, 29, 12) * 1000;
    expect(parseBarInterval('1d').startOf(noon)).toBe(Date.UTC(2024, 1, 29) * 1000);
  });

  it('is exact in [1970, 2255)', () => {
    const instants = fc.integer({ min: 0, max: Date.UTC(2255, 0, 1) * 1000 - 1 });
    fc.assert(
      fc.property(instants, fc.constantFrom('1s', '1m', '5m', '1h', '1d'), (instant, name) => {
        const interval = parseBarInterval(name);
        const size = BigInt(interval.sizeUs);
        expect(interval.startOf(instant)).toBe(Number((BigInt(instant) / size) * size));
      }),
    );
  });
});
