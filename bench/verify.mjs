// How fast `engine verify` goes through a lake: ticks made by running the layers straight into it, without a log.
// `node bench/verify.mjs` (after `npm run build`). Nothing here asserts anything.
import { rmSync } from 'node:fs';
import { laneOf } from '@engine/medallion';
import { verifyLake } from '../libs/verify/dist/index.js';
import { LakeMaker, testSettings } from '../libs/verify/dist/testing.js';
import { newFolder } from './engine.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 2_000_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 100);
const LANES = 4;
const BATCH = 2_000;
const SEGMENT = 200_000;

const settings = { ...testSettings(), lanes: LANES };
const symbols = Array.from({ length: SYMBOLS }, (_, at) => `S${at}`);
const lanes = symbols.map((symbol) => laneOf(symbol, LANES));

/** 1,000 ticks a second, one JSON object a record, keyed. */
function recordsFrom(first, count, offsets) {
  return Array.from({ length: count }, (_, at) => {
    const row = first + at;
    const symbol = (row * 7919) % SYMBOLS;
    const timeMs = 1_700_000_000_000 + row;
    const price = Number((100 + Math.sin(row / 1000) + (row % 7) / 100).toFixed(4));
    const tick = { ticker: symbols[symbol], price, timestamp: timeMs, size: (row % 500) + 1, id: row };
    const partition = lanes[symbol];
    const value = Buffer.from(JSON.stringify(tick));
    return { partition, offset: offsets[partition]++, timeMs, key: Buffer.from(symbols[symbol]), value };
  });
}

async function makeLake(folder) {
  const maker = await LakeMaker.open({ folder, settings });
  const offsets = new Array(LANES).fill(0);
  for (let at = 0; at < TICKS; at += BATCH) {
    maker.add(recordsFrom(at, Math.min(BATCH, TICKS - at), offsets));
    if ((at + BATCH) % SEGMENT === 0) await maker.publish();
  }
  await maker.publish();
  maker.close();
}

const folder = newFolder();
let began = performance.now();
await makeLake(folder);
console.log(`${TICKS} ticks of ${SYMBOLS} symbols made in ${seconds(began).toFixed(1)} s`);
let peak = 0;
const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 100);
for (const layers of [['bronze'], ['silver'], ['gold'], ['bronze', 'silver', 'gold']]) {
  began = performance.now();
  const cpu = process.cpuUsage();
  const { holds, findings } = await verifyLake({ folder, settings, layers });
  const took = seconds(began);
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${layers.join(', ').padEnd(22)} ${Math.round(TICKS / took)} ticks/s (${took.toFixed(1)} s, CPU ${((user + system) / 1e6).toFixed(1)} s, RSS up to ${Math.round(peak / 2 ** 20)} MiB), ${holds ? 'holds' : 'DAMAGED'}`,
  );
  for (const finding of findings.slice(0, 3)) console.log(finding);
}
clearInterval(sampling);
rmSync(folder, { recursive: true, force: true });

function seconds(since) {
  return (performance.now() - since) / 1000;
}
