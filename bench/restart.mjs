// How long a restart and a stop take with a long history: `node bench/restart.mjs` (after `npm run build`).
// From the start of the process to the first row of a tick that was sent after it, in each topic; from SIGTERM to the end of
// the last process. Nothing here asserts anything; the aim is 5 s for each.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedLog } from '@engine/stream/embedded';
import { childrenOf, cpuSecondsOf, engine, newFolder, startEngine } from './engine.mjs';
import { writeTicks } from './ticks.mjs';

const TICKS = Number(process.env.BENCH_TICKS ?? 1_000_000);
const SYMBOLS = Number(process.env.BENCH_SYMBOLS ?? 1_000);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const TOPICS = ['bronze-ticks', 'silver-ticks', 'gold-updates'];
const LIMITS = { maxRecords: 5_000, maxBytes: 2 ** 25 };

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seconds = (from) => (performance.now() - from) / 1_000;
const shown = (figures) => figures.map((figure) => figure.toFixed(2)).join(', ');

/** A tick of a symbol that was never seen, half a second after the newest of the history. */
async function sendTick(log, symbol) {
  const producer = await log.createProducer();
  const timestamp = 1_700_000_000_000 + TICKS + 500;
  const value = JSON.stringify({ ticker: symbol, price: 100, timestamp, size: 1, id: symbol });
  await producer.send('stock-ticks', [{ partition: 0, key: symbol, value }]);
  await producer.close();
}

/** Seconds since `began` until a topic has a record that names the symbol, reading on from `ends`. */
async function untilNamed(log, topic, symbol, { ends, began }) {
  const next = ends.map(({ end }) => end);
  for (;;) {
    for (const partition of next.keys()) {
      for (const record of await log.read(topic, partition, next[partition], LIMITS)) {
        if (record.value?.includes(symbol)) return seconds(began);
        next[partition] = record.offset + 1;
      }
    }
    await pause(5);
  }
}

/** Records that wait in the layers' lanes. A lane that thinks for long has not ended for that. */
async function lag({ ports }) {
  const layers = ['bronze', 'silver', 'gold'].map(async (layer) => {
    const close = { headers: { connection: 'close' } };
    const metrics = await (await fetch(`http://127.0.0.1:${ports[layer]}/metrics`, close)).text();
    const lanes = [...metrics.matchAll(/^engine_lag_records\{.*\} (\d+)$/gm)];
    return lanes.reduce((sum, [, records]) => sum + Number(records), lanes.length === 0 ? Infinity : 0);
  });
  return (await Promise.all(layers)).reduce((sum, records) => sum + records);
}

async function untilIdle(log, up) {
  for (let before = ''; ;) {
    const ranges = await Promise.all(TOPICS.map((topic) => log.offsetRanges(topic)));
    const now = JSON.stringify(ranges);
    if (now === before && (await lag(up)) === 0) return;
    before = now;
    await pause(3_000);
  }
}

/** One start, one tick, one stop. */
async function round(data, name, end) {
  const log = await EmbeddedLog.open(join(data, 'log'));
  const ends = await Promise.all(TOPICS.map((topic) => log.offsetRanges(topic)));
  const symbol = `NEW${name}`;
  const began = performance.now();
  const starting = startEngine(['--no-dashboard', '--data', data], { FEED: 'none' });
  await sendTick(log, symbol);
  const first = await Promise.all(
    TOPICS.map((topic, at) => untilNamed(log, topic, symbol, { ends: ends[at], began })),
  );
  const up = await starting;
  const listening = seconds(began);
  const cpu = cpuOf(up.pid);
  await untilIdle(log, up);
  await log.close();
  const stopping = performance.now();
  await end(up);
  return { first, listening, cpu, stopped: seconds(stopping) };
}

/** What the start took of the processors, which says more than the clock where others use them too. */
const cpuOf = (pid) =>
  [pid, ...Object.values(childrenOf(pid))].reduce((sum, one) => sum + cpuSecondsOf(one), 0);

const cleanly = (up) => up.stop();

async function killed(up) {
  process.kill(up.pid, 'SIGKILL');
  await up.stopped;
  // The apps notice that their parent is gone and stop by themselves.
  await pause(5_000);
}

async function measure(data, title, end) {
  const rounds = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await round(data, `${title.replaceAll(/\W/g, '')}${n}`, end));
  console.log(`\n${title}, s (${ROUNDS} rounds)`);
  TOPICS.forEach((topic, at) => {
    console.log(`  first new row in ${topic.padEnd(13)} ${shown(rounds.map(({ first }) => first[at]))}`);
  });
  console.log(`  everything listens             ${shown(rounds.map(({ listening }) => listening))}`);
  console.log(`  CPU of all processes until then ${shown(rounds.map(({ cpu }) => cpu))}`);
  return rounds;
}

const folder = newFolder();
try {
  const file = join(folder, 'ticks.jsonl');
  const data = join(folder, 'data');
  await writeTicks(file, { ticks: TICKS, symbols: SYMBOLS });
  await engine(['ingest', file, '--data', data]);
  const began = performance.now();
  // The history stays open at its end, as it is when an engine is stopped in the middle of a day.
  const up = await startEngine(['--no-dashboard', '--data', data], { FEED: 'none' });
  const log = await EmbeddedLog.open(join(data, 'log'));
  await untilIdle(log, up);
  await log.close();
  console.log(`${TICKS} ticks of ${SYMBOLS} symbols, processed in ${seconds(began).toFixed(1)} s`);
  const stopping = performance.now();
  await up.stop();
  console.log(`  clean stop after the history   ${seconds(stopping).toFixed(2)} s`);
  const after = await measure(data, 'After a clean stop', cleanly);
  console.log(`  clean stop                     ${shown(after.map(({ stopped }) => stopped))}`);
  await measure(data, 'After a kill -9', killed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
