// How fast `engine backfill` computes silver and gold anew, and whether they come out as they were.
// `node bench/backfill.mjs` (after `npm run build`). It asserts one thing: that the contents are equal.
import { spawn } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { LakeReader } from '@engine/lake';
import { bin, engine, newFolder } from './engine.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 5_000_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 100);
const TABLES = ['silver/ticks', 'silver/markers', 'silver/windows', 'gold/bars', 'gold/metrics'];

/** 1,000 ticks a second of event time, a few a little out of order. */
async function writeTicks(file) {
  const out = createWriteStream(file);
  for (let row = 0; row < TICKS; row++) {
    const timestamp = 1_700_000_000_000 + row - (row % 50 === 0 ? 700 : 0);
    const price = 100 + Math.sin(row / 5_000) * 3 + (row % 7) / 100;
    const tick = { ticker: `SYM${row % SYMBOLS}`, price, timestamp, size: (row % 9) + 1, id: row };
    if (!out.write(`${JSON.stringify(tick)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function contents(folder) {
  const reader = await LakeReader.open({ folder, memoryLimit: '1GB', threads: 2 });
  const found = {};
  for (const table of TABLES) found[table] = await reader.contentOf(reader.files(table));
  reader.close();
  return JSON.stringify(found);
}

/** Wall clock and CPU of the command, and when silver was complete, whose start is in it. */
async function timed(args) {
  const began = performance.now();
  const child = spawn('/usr/bin/env', ['bash', '-c', 'time "$@"', 'time', process.execPath, bin, ...args]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (printed += part));
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(printed);
  const seconds = (performance.now() - began) / 1000;
  const cpu = [...printed.matchAll(/^(?:user|sys)\s+(\d+)m([\d.]+)s$/gm)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
  const [, silver] = / silver ([\d.]+) s/.exec(printed.slice(printed.lastIndexOf('(complete:'))) ?? [];
  return { seconds, cpu, silver: Number(silver) };
}

const folder = newFolder();
const data = join(folder, 'data');
await writeTicks(join(folder, 'ticks.jsonl'));
await engine([
  'up',
  '--file',
  join(folder, 'ticks.jsonl'),
  '--speed',
  'max',
  '--until-idle',
  '--no-dashboard',
  '--data',
  data,
]);
const before = await contents(join(data, 'lake'));
for (const layer of ['gold', 'silver'])
  for (const threads of [1, 2]) {
    const { seconds, cpu, silver } = await timed([
      'backfill',
      '--layer',
      layer,
      '--threads',
      String(threads),
      '--prune',
      '--data',
      data,
    ]);
    const bySilver = layer === 'silver' ? `, silver complete at ${Math.round(TICKS / silver)} ticks/s` : '';
    const isEqual = (await contents(join(data, 'lake'))) === before;
    console.log(
      `${layer.padEnd(6)} ${threads} thread${threads > 1 ? 's' : ' '} ${Math.round(TICKS / seconds)} ticks/s ` +
        `(${seconds.toFixed(1)} s, CPU ${cpu.toFixed(1)} s: ${((cpu / TICKS) * 1e6).toFixed(1)} us a tick)${bySilver}, contents ${isEqual ? 'equal' : 'DIFFER'}`,
    );
    if (!isEqual) process.exitCode = 1;
  }
rmSync(folder, { recursive: true });
