import { time, zoneName } from './zone.js';

const OPENING = Date.UTC(2024, 2, 1, 9, 30, 5, 7);

it.each([
  ['second', '09:30:05'],
  ['millisecond', '09:30:05.007'],
  ['minute', '09:30'],
  ['day', '1 Mar'],
  ['month', 'Mar 2024'],
  ['year', '2024'],
  ['full', '01 Mar 2024, 09:30:05'],
] as const)('shows a time to the %s', (style, shown) => {
  expect(time(OPENING, 'utc', style)).toBe(shown);
});

it('shows midnight as 00, not 24', () => {
  expect(time(Date.UTC(2024, 2, 1), 'utc', 'minute')).toBe('00:00');
});

it('names the zone', () => {
  expect(zoneName('utc')).toBe('UTC');
  expect(zoneName('local')).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone);
});
