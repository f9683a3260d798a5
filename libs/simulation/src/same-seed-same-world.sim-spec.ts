import { runSeed } from './run-seed.js';

it.each([3, 7, 26])('the same seed is the same world, line by line (%i)', async (seed) => {
  const first = (await runSeed(seed)).trace();
  expect(first.length).toBeGreaterThan(1_000);
  expect((await runSeed(seed)).trace()).toEqual(first);
});

it('another seed is another world', async () => {
  expect((await runSeed(1)).trace()).not.toEqual((await runSeed(2)).trace());
});
