// Whether the apps stay small however much goes through them, on a real Kafka: `node bench/endurance.mjs` (after a build).
// BENCH_TICKS (3,000,000) ticks of BENCH_SYMBOLS (100) symbols in files of BENCH_BATCH (250,000), each published when the one
// before has gone through all layers; after each it looks at every app: anonymous and resident memory, open descriptors, and
// the lake's files. It ends with the slope of the second half. Nothing here asserts anything.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KafkaBroker } from '../scripts/kafka/broker.mjs';
import { childrenOf, cpuSecondsOf, engine, memoryOf, newFolder, startEngine } from './engine.mjs';
import { writeTicks } from './ticks.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 3_000_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 100);
const BATCH = Number(process.env.BENCH_BATCH ?? 250_000);
const LAYERS = ['bronze', 'silver', 'gold'];
const POLL_MS = 250;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const folder = newFolder();
const broker = await KafkaBroker.start();
const env = { KAFKA_BROKERS: broker.address, FEED: 'none', HTTP_HOST: '127.0.0.1' };
const data = join(folder, 'data');
const up = await startEngine(['--no-dashboard', '--data', data], env);
const pids = childrenOf(up.pid);
const rows = [];
try {
  const began = performance.now();
  for (let sent = 0; sent < TICKS; sent += BATCH) {
    const file = join(folder, 'ticks.jsonl');
    await writeTicks(file, { ticks: BATCH, symbols: SYMBOLS, from: sent });
    const peaks = peaksOf();
    await engine(['ingest', file, '--data', data], env);
    await untilThrough(sent + BATCH, peaks);
    rows.push(look(sent + BATCH, (performance.now() - began) / 1_000, peaks));
    console.log(JSON.stringify(rows.at(-1)));
  }
  report();
} finally {
  await up.stop();
  await broker.remove();
  rmSync(folder, { recursive: true, force: true });
}

/** The highest of each app since it was made. */
function peaksOf() {
  return Object.fromEntries(LAYERS.map((app) => [app, { anonymous: 0, resident: 0 }]));
}

async function untilThrough(ticks, peaks) {
  for (;;) {
    for (const app of LAYERS) {
      const { anonymous, resident } = memoryOf(pids[app]);
      const peak = peaks[app];
      peaks[app] = {
        anonymous: Math.max(peak.anonymous, anonymous),
        resident: Math.max(peak.resident, resident),
      };
    }
    // A layer counts its ticks by verdict; gold counts what silver has accepted, which here is all.
    const done = await Promise.all(LAYERS.map((app) => processedBy(app)));
    if (done.every((count) => count >= ticks)) return;
    await pause(POLL_MS);
  }
}

async function processedBy(app) {
  const metrics = await (await fetch(`http://127.0.0.1:${up.ports[app]}/metrics`)).text();
  const lag = sum(metrics, 'engine_lag_records');
  const counted = sum(metrics, 'engine_records_total');
  // Gold counts no verdicts where it refuses nothing: then it is through when it lags behind no more.
  return counted > 0 ? counted : lag === 0 ? Infinity : 0;
}

function sum(metrics, name) {
  const values = metrics.matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'));
  return [...values].reduce((total, [, value]) => total + Number(value), 0);
}

function look(ticks, seconds, peaks) {
  const apps = LAYERS.map((app) => [
    app,
    { ...peaks[app], descriptors: readdirSync(`/proc/${pids[app]}/fd`).length, cpu: cpuSecondsOf(pids[app]) },
  ]);
  return {
    ticks,
    seconds: Math.round(seconds),
    files: filesIn(join(data, 'lake')),
    ...Object.fromEntries(apps),
  };
}

function filesIn(lake) {
  return readdirSync(lake, { recursive: true }).filter((name) => name.endsWith('.parquet')).length;
}

/** Least squares over the second half: how much comes for every million ticks. */
function report() {
  const half = rows.slice(Math.floor(rows.length / 2));
  const slope = (value) => {
    const points = half.map((row) => [row.ticks / 1e6, value(row)]);
    const mean = (i) => points.reduce((total, point) => total + point[i], 0) / points.length;
    const [x, y] = [mean(0), mean(1)];
    const above = points.reduce((total, point) => total + (point[0] - x) * (point[1] - y), 0);
    return Number((above / points.reduce((total, point) => total + (point[0] - x) ** 2, 0)).toFixed(2));
  };
  console.table(
    LAYERS.map((app) => ({
      app,
      'anonymous MiB, most': Math.max(...rows.map((row) => row[app].anonymous)),
      'resident MiB, most': Math.max(...rows.map((row) => row[app].resident)),
      'anonymous, MiB a million': slope((row) => row[app].anonymous),
      'resident, MiB a million': slope((row) => row[app].resident),
      'descriptors, first and last': `${rows[0][app].descriptors} ${rows.at(-1)[app].descriptors}`,
    })),
  );
  console.log(`files of the lake, a million: ${slope((row) => row.files)}`);
}
