import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How many worlds there are in all; `SIM_SEEDS=100 npx jest seeds` draws fewer. */
const SEEDS = process.env['SIM_SEEDS'] ?? '1000';
const command = fileURLToPath(new URL('../bin/sim.mjs', import.meta.url));

/** In processes of their own: within the test runner's sandbox a world takes half as long again. */
function runWorlds(...options: readonly string[]): Promise<string> {
  // Of the runner's options none is for them.
  const env = { ...process.env, NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...options], { env }, (error, stdout, stderr) => {
      resolve(`${stdout}${stderr}${error === null ? '' : String(error.code)}`);
    });
  });
}

it(`every promise holds in every world drawn from a seed (1 to ${SEEDS})`, async () => {
  expect(await runWorlds('--seeds', SEEDS)).toMatch(/every promise held in all of them\n$/);
}, 1_800_000);

/** Seeds above the first thousand that found something. A change of the simulation makes other worlds of them. */
it.each(['24572'])(
  'what once broke a promise does not again (seed %s)',
  async (seed) => {
    expect(await runWorlds('--seed', seed)).toMatch(/every promise held\n$/);
  },
  60_000,
);
