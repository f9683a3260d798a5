import { milliseconds, seconds } from './duration.js';

it.each([
  [-3, '0.0 s'],
  [0.44, '0.4 s'],
  [9.94, '9.9 s'],
  [9.96, '9 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [7_199, '1 h'],
  [86_400 * 400, '400 d'],
])('%d seconds are shown as %s', (duration, shown) => {
  expect(seconds(duration)).toBe(shown);
});

it.each([
  [null, '–'],
  [0.84, '0.8 ms'],
  [12.4, '12 ms'],
  [999.4, '999 ms'],
  [1_300, '1.3 s'],
])('%d milliseconds are shown as %s', (duration, shown) => {
  expect(milliseconds(duration)).toBe(shown);
});
