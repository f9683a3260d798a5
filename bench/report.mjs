// How long `engine report` takes and how much memory, over a lake of a million ticks: the command itself, with the start of
// its process. `node bench/report.mjs` (after `npm run build`). Nothing here asserts anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bin, memoryOf, newFolder } from './engine.mjs';
import { makeLake } from './lake.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 1_000_000);
/** Few symbols, as many as a report shows, and more. */
const SYMBOLS = (process.env.BENCH_SYMBOLS ?? '6,50,100').split(',').map(Number);

async function writeReport(data, out) {
  const began = performance.now();
  const child = spawn(process.execPath, [bin, 'report', '--data', data, '--out', out], { stdio: 'inherit' });
  let peak = 0;
  const sampling = setInterval(() => {
    try {
      peak = Math.max(peak, memoryOf(child.pid).peak);
    } catch {
      // Ended.
    }
  }, 20);
  const [code] = await once(child, 'exit');
  clearInterval(sampling);
  return { code, peak, seconds: (performance.now() - began) / 1000 };
}

const sizeOf = (folder) =>
  readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

for (const symbols of SYMBOLS) {
  const folder = newFolder();
  await makeLake(join(folder, 'lake'), { ticks: TICKS, symbols });
  const out = join(folder, 'report');
  const { code, peak, seconds } = await writeReport(folder, out);
  console.log(
    `${TICKS} ticks of ${symbols} symbols: ${seconds.toFixed(1)} s, RSS up to ${peak} MiB, ${readdirSync(out).length} files of ${Math.round(sizeOf(out) / 1024)} KiB (exit code ${code})`,
  );
  rmSync(folder, { recursive: true, force: true });
}
