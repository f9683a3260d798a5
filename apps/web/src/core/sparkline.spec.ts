import { sparklinePath } from './sparkline.js';

it.each([
  [[], ''],
  [[5], ''],
  [[1, 3, 2], 'M0.0 10.0L20.0 0.0L40.0 5.0'],
  [[7, 7], 'M0.0 5.0L40.0 5.0'],
])('draws %j', (values, path) => {
  expect(sparklinePath(values, 40, 10)).toBe(path);
});
