// Whether the apps stay small however much goes through them, on a real Kafka: `node bench/endurance.mjs [HOST:PORT]` (after a
// build; without an address a broker is started, on the same cores). A plain client sends BENCH_TICKS (3,000,000) ticks of
// BENCH_SYMBOLS (100) symbols, never more than 50,000 ahead of the slowest layer. Every 250,000 it looks at the apps' memory,
// descriptors and the lake's files, and at the end at how they grew over the second half. Nothing here asserts anything.
import { readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { benchLog } from './bench-log.mjs';
import { childrenOf, cpuSecondsOf, memoryOf, newFolder, startEngine } from './engine.mjs';
import { ticksOf } from './ticks.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 3_000_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 100);
const LAYERS = ['bronze', 'silver', 'gold'];
const LOOK_EVERY = Math.min(250_000, TICKS / 8);
const MOST_AHEAD = 50_000;
const SEND = 5_000;
const POLL_MS = 250;
/** Shorter than by default: files that are covered go within the run. */
const GRACE = { COMPACT_GRACE_MS: '60000' };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const log = await benchLog(['--kafka', ...process.argv.slice(2)]);
const env = { ...log.env('endurance'), ...GRACE, FEED: 'none', HTTP_HOST: '127.0.0.1' };
const folder = newFolder();
const up = await startEngine(['--no-dashboard', '--data', folder], env);
const pids = childrenOf(up.pid);
const rows = [];
let sent = 0;
let through = 0;
let isOver = false;
try {
  await Promise.all([send(), watch()]);
  report();
} finally {
  isOver = true;
  console.log(`engine up ended with ${await up.stop()}`);
  await log.close();
  rmSync(folder, { recursive: true, force: true });
}

async function send() {
  const client = new Kafka({ brokers: [env.KAFKA_BROKERS], logLevel: logLevel.ERROR });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const topic = `${env.TOPIC_PREFIX}stock-ticks`;
  let messages = [];
  for (const tick of ticksOf({ ticks: TICKS, symbols: SYMBOLS })) {
    messages.push({ key: tick.ticker, value: JSON.stringify(tick) });
    if (messages.length < SEND && sent + messages.length < TICKS) continue;
    await producer.send({ topic, messages });
    sent += messages.length;
    messages = [];
    while (sent - through > MOST_AHEAD && !isOver) await pause(POLL_MS);
    if (isOver) break;
  }
  await producer.disconnect();
}

/** Until all is through. */
async function watch() {
  const began = performance.now();
  let samples = [];
  while (through < TICKS && !isOver) {
    await pause(POLL_MS);
    samples.push(Object.fromEntries(LAYERS.map((app) => [app, memoryOf(pids[app])])));
    through = Math.min(...(await Promise.all(LAYERS.map((app) => processedBy(app)))));
    if (through < Math.min(TICKS, (rows.length + 1) * LOOK_EVERY)) continue;
    const seconds = Math.round((performance.now() - began) / 1_000);
    rows.push({ ticks: through, ahead: sent - through, seconds, ...look(samples) });
    console.log(JSON.stringify(rows.at(-1)));
    samples = [];
  }
}

/** All are accepted, so that each layer counts each of them. */
async function processedBy(app) {
  // Kept alive, a connection may be closed at the moment when it is used again.
  const headers = { connection: 'close' };
  const metrics = await (await fetch(`http://127.0.0.1:${up.ports[app]}/metrics`, { headers })).text();
  const values = metrics.matchAll(/^engine_records_total\{.*\} (\S+)$/gm);
  return [...values].reduce((total, [, value]) => total + Number(value), 0);
}

/** What there is now; of memory, MiB, what there was since the last look: in the mean, and the most. */
function look(samples) {
  const apps = LAYERS.map((app) => {
    const over = (kind) => samples.map((sample) => sample[app][kind]);
    const { open, deleted } = descriptorsOf(pids[app]);
    const memory = { resident: mean(over('resident')), most: Math.max(...over('resident')) };
    return [
      app,
      { ...memory, anonymous: mean(over('anonymous')), open, deleted, cpu: cpuSecondsOf(pids[app]) },
    ];
  });
  return { ...Object.fromEntries(apps), files: filesIn(join(folder, 'lake')) };
}

/** Of those that are open, `deleted` are files which have no name any more. */
function descriptorsOf(pid) {
  const folderOf = `/proc/${pid}/fd`;
  const targets = readdirSync(folderOf).map((name) => {
    try {
      return readlinkSync(join(folderOf, name));
    } catch {
      return '';
    }
  });
  return { open: targets.length, deleted: targets.filter((target) => target.endsWith(' (deleted)')).length };
}

function filesIn(lake) {
  const names = readdirSync(lake, { recursive: true });
  const count = (pattern) => names.filter((name) => pattern.test(name)).length;
  return {
    segments: count(/\/\d{20}\.parquet$/),
    compacted: count(/\.l\d\.parquet$/),
    snapshots: count(/^_state\/.*\/lane=\d+\/\d+\./),
    temporary: count(/\/_tmp\/./),
  };
}

function mean(values) {
  return Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 10) / 10;
}

/** Least squares over the second half: how much comes with every million ticks. */
function slope(value) {
  const half = rows.slice(Math.floor(rows.length / 2));
  const points = half.map((row) => [row.ticks / 1e6, value(row)]);
  const [x, y] = [0, 1].map((i) => points.reduce((total, point) => total + point[i], 0) / points.length);
  const above = points.reduce((total, point) => total + (point[0] - x) * (point[1] - y), 0);
  return Number((above / points.reduce((total, point) => total + (point[0] - x) ** 2, 0)).toFixed(2));
}

function report() {
  const last = rows.at(-1);
  console.log(`${last.ticks} ticks in ${last.seconds} s: ${Math.round(last.ticks / last.seconds)} ticks/s`);
  console.table(
    Object.fromEntries(
      LAYERS.map((app) => [
        app,
        {
          'RSS, most, MiB': Math.max(...rows.map((row) => row[app].most)),
          'RSS, MiB a million': slope((row) => row[app].resident),
          'anonymous, MiB a million': slope((row) => row[app].anonymous),
          'descriptors, first and last': `${rows[0][app].open} ${last[app].open}`,
          'CPU, us a tick': Number(((last[app].cpu / last.ticks) * 1e6).toFixed(1)),
        },
      ]),
    ),
  );
}
