// First figures: throughput from a backlog, latency and memory at a steady rate, and what the time goes into.
// `npm run bench` (after `npm run build`), and on Kafka `npm run bench -- --kafka [HOST:PORT]`: without an address a broker is
// started for it, on the same cores. Nothing here asserts anything.
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { benchLog } from './bench-log.mjs';
import { childrenOf, cpuSecondsOf, engine, memoryOf, newFolder, quantile, startEngine } from './engine.mjs';
import { writeTicks } from './ticks.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 300_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 100);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const RATE = 1_000;

const log = await benchLog(process.argv.slice(2));

async function throughput() {
  const folder = newFolder();
  const file = join(folder, 'ticks.jsonl');
  await writeTicks(file, { ticks: TICKS, symbols: SYMBOLS });
  const data = ['--data', join(folder, 'data')];
  const env = log.env('backlog');
  let began = performance.now();
  await engine(['ingest', file, ...data], env);
  const ingested = (performance.now() - began) / 1000;
  const up = await startEngine(['--until-idle', '--no-dashboard', ...data], { ...env, FEED: 'none' });
  began = performance.now();
  const pids = childrenOf(up.pid);
  const peaks = {};
  const cpuSeconds = {};
  const before = Object.fromEntries(Object.entries(pids).map(([app, pid]) => [app, cpuSecondsOf(pid)]));
  const sampling = setInterval(() => {
    for (const [app, pid] of Object.entries(pids)) {
      try {
        cpuSeconds[app] = cpuSecondsOf(pid) - before[app];
        const memory = memoryOf(pid);
        if (memory.anonymous > (peaks[app]?.anonymous ?? 0)) peaks[app] = memory;
      } catch {
        // Ended.
      }
    }
  }, 200);
  const code = await up.stopped;
  clearInterval(sampling);
  const seconds = (performance.now() - began) / 1000;
  rmSync(folder, { recursive: true, force: true });
  console.log(`\nBacklog: ${TICKS} ticks of ${SYMBOLS} symbols, one JSON object each (exit code ${code})`);
  console.log(
    `  into stock-ticks            ${Math.round(TICKS / ingested)} ticks/s (with the start of the process)`,
  );
  console.log(
    `  through all layers, closed  ${Math.round(TICKS / seconds)} ticks/s (${seconds.toFixed(1)} s until everything was published and stopped)`,
  );
  console.log(
    `  peak memory, MiB            ${Object.entries(peaks)
      .map(([app, { anonymous, resident }]) => `${app} ${anonymous} (resident ${resident})`)
      .join(', ')}`,
  );
  printLimit(cpuSeconds, seconds);
}

/** What the backlog's time went into: the cores, or waiting. */
function printLimit(cpuSeconds, seconds) {
  const used = Object.values(cpuSeconds).reduce((sum, one) => sum + one, 0);
  const share = used / (seconds * cpus().length);
  const apps = Object.entries(cpuSeconds).map(([app, spent]) => `${app} ${spent.toFixed(1)}`);
  console.log(`  CPU seconds                 ${apps.join(', ')}`);
  const limit =
    share > 0.7
      ? 'the cores, shared by the layers'
      : 'waiting: for the log to be durable, and layers for one another';
  console.log(
    `  limited by                  ${limit}: ${Math.round(share * 100)} % of ${cpus().length} cores were used`,
  );
}

async function latency() {
  const folder = newFolder();
  const up = await startEngine(['--rate', String(RATE), '--data', folder], log.env('steady'));
  await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
  console.log(
    `\nSteady: ${RATE} ticks/s for ${SECONDS} s, from the record's time in stock-ticks to the acknowledged output`,
  );
  for (const layer of ['bronze', 'silver', 'gold']) {
    const metrics = await (await fetch(`http://127.0.0.1:${up.ports[layer]}/metrics`)).text();
    const ms = (q) =>
      `${(quantile(metrics, 'engine_tick_latency_seconds', { stage: layer }, q) * 1000).toFixed(1)} ms`;
    console.log(`  ${layer.padEnd(7)} p50 ${ms(0.5)}, p99 ${ms(0.99)}`);
  }
  const memory = Object.entries(childrenOf(up.pid)).map(([app, pid]) => {
    const { resident, anonymous } = memoryOf(pid);
    return `${app} ${resident} (${anonymous})`;
  });
  console.log(`  RSS (anonymous), MiB: ${memory.join(', ')}`);
  await up.stop();
  rmSync(folder, { recursive: true, force: true });
}

try {
  console.log(`On ${log.name}, ${cpus().length} cores`);
  await throughput();
  await latency();
} finally {
  await log.close();
}
