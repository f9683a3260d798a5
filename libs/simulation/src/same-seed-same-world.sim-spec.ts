import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { runSeed } from './run-seed.js';

const command = fileURLToPath(new URL('../bin/sim.mjs', import.meta.url));

it.each([3, 7, 26])('the same seed is the same world, line by line (%i)', async (seed) => {
  const first = (await runSeed(seed)).trace();
  expect(first.length).toBeGreaterThan(1_000);
  expect((await runSeed(seed)).trace()).toEqual(first);
});

it('another seed is another world', async () => {
  expect((await runSeed(1)).trace()).not.toEqual((await runSeed(2)).trace());
});

it('and so it is whatever the machine has made of the code: optimized or not', () => {
  const [plain, optimized] = [traceOf(7, ['--no-opt']), traceOf(7)];
  expect(plain).toContain('every promise held');
  expect(plain).toBe(optimized);
}, 120_000);

/** In a process of its own. */
function traceOf(seed: number, options: readonly string[] = []): string {
  const args = [...options, command, '--seed', String(seed), '--trace'];
  // Of the runner's options none is for it.
  const env = { ...process.env, NODE_OPTIONS: '' };
  return spawnSync(process.execPath, args, { encoding: 'utf8', env, maxBuffer: 1e9 }).stdout;
}
