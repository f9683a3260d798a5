// How fast `engine verify` goes through a lake: ticks made by running the layers straight into it, without a log.
// `node bench/verify.mjs` (after `npm run build`). Nothing here asserts anything.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { verifyLake } from '../libs/verify/dist/index.js';
import { newFolder } from './engine.mjs';
import { makeLake, settings } from './lake.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 2_000_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 100);

/** In a process of its own, so that its memory is its own. Prints what it took. */
async function verifyAlone(folder, layers, threads) {
  const began = performance.now();
  const { holds, findings } = await verifyLake({ folder, settings, layers, threads });
  const took = seconds(began);
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  console.log(
    `${layers.join(', ').padEnd(22)} ${threads} thread${threads > 1 ? 's' : ' '} ${Math.round(TICKS / took)} ticks/s (${took.toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s, RSS up to ${Math.round(maxRSS / 1024)} MiB), ${holds ? 'holds' : 'DAMAGED'}`,
  );
  for (const finding of findings.slice(0, 3)) console.log(finding);
}

function seconds(since) {
  return (performance.now() - since) / 1000;
}

const [, script, folderToVerify, layers, threads] = process.argv;
if (folderToVerify !== undefined) {
  await verifyAlone(folderToVerify, layers.split(','), Number(threads));
} else {
  const folder = newFolder();
  const began = performance.now();
  await makeLake(folder, { ticks: TICKS, symbols: SYMBOLS });
  console.log(`${TICKS} ticks of ${SYMBOLS} symbols made in ${seconds(began).toFixed(1)} s`);
  for (const some of ['bronze', 'silver', 'gold', 'bronze,silver,gold'])
    for (const count of new Set([1, availableParallelism()]))
      spawnSync(process.execPath, [script, folder, some, String(count)], { stdio: 'inherit' });
  rmSync(folder, { recursive: true, force: true });
}
