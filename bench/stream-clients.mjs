// Many browsers on one dashboard: how late what they see is, and what it costs the dashboard.
// `node bench/stream-clients.mjs` (after `npm run build`). Nothing here asserts anything.
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../scripts/free-ports.mjs';
import { childrenOf, cpuSecondsOf, memoryOf, newFolder, startEngine } from './engine.mjs';

const CLIENTS = Number(process.env.BENCH_CLIENTS ?? 50);
/** Clients that read nothing at all. */
const DEAF = Number(process.env.BENCH_DEAF_CLIENTS ?? 2);
const RATE = Number(process.env.BENCH_RATE ?? 1_000);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 30);
const SYMBOLS = ['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA'];

let isMeasuring = false;
const received = { bytes: 0, events: 0 };
/** ms from the moment the log took a tick to the moment a client has it: the newest tick of every `tick` event. */
const tickAges = [];
/** ms from a tick's event time to the moment a client has metrics with it: through silver and gold. */
const metricsAges = [];

function listen(port, at) {
  const query = `intervals=1s,1m,1h&ticks=${SYMBOLS[at % SYMBOLS.length]}`;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: `/api/stream?${query}` }, resolve)
      .on('error', reject)
      .end();
  });
}

function measure(response) {
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text) => {
    if (!isMeasuring) return;
    const now = Date.now();
    const events = (rest + text).split('\n\n');
    rest = events.pop();
    received.bytes += text.length;
    received.events += events.length;
    for (const event of events) {
      const [list, time] = /\bevent: tick\n/.test(event)
        ? [tickAges, event.slice(event.lastIndexOf('"record_time":"') + 15).slice(0, 27)]
        : [metricsAges, /event: metrics\n.*"as_of":"([^"]+)"/.exec(event)?.[1]];
      if (time !== undefined) list.push(now - Date.parse(time));
    }
  });
}

const show = (ages) => {
  ages.sort((one, other) => one - other);
  const percentile = (share) => ages[Math.ceil(ages.length * share) - 1];
  return `p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, max ${ages.at(-1)} ms (${ages.length} events)`;
};

const folder = newFolder();
const engine = await startEngine([
  '--data',
  folder,
  '--rate',
  String(RATE),
  '--port',
  String(await freePort()),
]);
try {
  const { dashboard } = childrenOf(engine.pid);
  await delay(5000);
  const idle = memoryOf(dashboard);
  const responses = await Promise.all(
    Array.from({ length: CLIENTS }, (_, at) => listen(engine.ports.dashboard, at)),
  );
  responses.forEach(measure);
  const deaf = await Promise.all(Array.from({ length: DEAF }, (_, at) => listen(engine.ports.dashboard, at)));
  await delay(2000);
  isMeasuring = true;
  const cpu = cpuSecondsOf(dashboard);
  const peak = { resident: 0, anonymous: 0 };
  for (let second = 0; second < SECONDS; second++) {
    await delay(1000);
    const now = memoryOf(dashboard);
    for (const kind of Object.keys(peak)) peak[kind] = Math.max(peak[kind], now[kind]);
  }
  isMeasuring = false;
  const share = ((cpuSecondsOf(dashboard) - cpu) / SECONDS) * 100;
  console.log(
    `${cpus().length} cores, ${CLIENTS} clients that read and ${DEAF} that do not, ${RATE} ticks/s, ${SECONDS} s`,
  );
  console.log(`  tick in the log -> client        ${show(tickAges)}`);
  console.log(`  event time -> metrics at client  ${show(metricsAges)}`);
  console.log(
    `  a client receives ${(received.events / CLIENTS / SECONDS).toFixed(0)} events/s, ${(received.bytes / CLIENTS / SECONDS / 1000).toFixed(1)} kB/s`,
  );
  const memory = ({ resident, anonymous }) => `${resident} MiB resident (${anonymous} anonymous)`;
  console.log(`  dashboard without clients: ${memory(idle)}`);
  console.log(`  dashboard with them: at most ${memory(peak)}, ${share.toFixed(0)} % of a core`);
  for (const response of [...responses, ...deaf]) response.destroy();
} finally {
  await engine.stop();
  rmSync(folder, { recursive: true });
}
