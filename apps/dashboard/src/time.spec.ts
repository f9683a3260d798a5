import { isoTime } from './time.js';

describe('isoTime', () => {
  it.each([
    [0, '1970-01-01T00:00:00.000000Z'],
    [1, '1970-01-01T00:00:00.000001Z'],
    [1_709_285_400_123_456, '2024-03-01T09:30:00.123456Z'],
    [-1, '1969-12-31T23:59:59.999999Z'],
  ])('writes %i with all its digits', (timeUs, text) => {
    expect(isoTime(timeUs)).toBe(text);
  });
});
