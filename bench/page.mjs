// The page in a real browser at 1,000 ticks/s: how late what it shows is, what it costs, whether its memory stays.
// `node bench/page.mjs` (after `npm run build`; needs Chromium: CHROMIUM=/usr/bin/chromium). Nothing here asserts anything.
import { rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { freePort } from '../scripts/free-ports.mjs';
import { cpuSecondsOf, newFolder, startEngine } from './engine.mjs';

const RATE = Number(process.env.BENCH_RATE ?? 1_000);
const MINUTES = Number(process.env.BENCH_MINUTES ?? 2);
/** Code is compiled and lists are filled first. */
const WARM_UP_MS = 15_000;

/**
 * Runs in the page. A row of "Last ticks" carries its event time and a quote that of its newest tick; when it changes, the
 * frame after is on the screen at the task behind it. When the log took the tick, the stream's own event says.
 */
function watchPaints() {
  const recordTimes = new Map();
  const { addEventListener } = EventSource.prototype;
  EventSource.prototype.addEventListener = function (name, listener) {
    addEventListener.call(this, name, (event) => {
      if (name === 'tick')
        for (const { event_time, record_time } of JSON.parse(event.data).ticks)
          recordTimes.set(event_time, record_time);
      listener(event);
    });
  };
  // How many by their age in ms: what is measured with must not grow.
  const newAges = () => ({ ticks: new Uint32Array(10_000), quotes: new Uint32Array(10_000) });
  globalThis.ages = newAges();
  globalThis.startAnew = () => (globalThis.ages = newAges());
  const count = (ages, age) => ages[Math.min(ages.length - 1, Math.max(0, Math.round(age)))]++;
  const seen = { ticks: '', quotes: new Map() };
  const afterPaint = (task) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = task;
    port2.postMessage(null);
  };
  let isLooking = false;
  const look = () => {
    isLooking = false;
    const tick = document.querySelector('[data-panel="ticks"] tbody time')?.dateTime;
    const changed = [];
    for (const row of document.querySelectorAll('[data-panel="watch-list"] tbody tr')) {
      const at = row.querySelector('time')?.dateTime;
      const symbol = row.querySelector('a')?.textContent;
      if (at !== undefined && seen.quotes.get(symbol) !== at) changed.push(at);
      seen.quotes.set(symbol, at);
    }
    const recordTime = tick === seen.ticks ? undefined : recordTimes.get(tick);
    seen.ticks = tick;
    if (recordTimes.size > 1_000) recordTimes.clear();
    afterPaint(() => {
      const now = performance.timeOrigin + performance.now();
      if (recordTime !== undefined) count(globalThis.ages.ticks, now - Date.parse(recordTime));
      for (const at of changed) count(globalThis.ages.quotes, now - Date.parse(at));
    });
  };
  const lookBeforePaint = () => {
    if (!isLooking) requestAnimationFrame(look);
    isLooking = true;
  };
  document.addEventListener('DOMContentLoaded', () =>
    new MutationObserver(lookBeforePaint).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ['datetime'],
    }),
  );
}

const show = (ages) => {
  const all = ages.reduce((sum, count) => sum + count, 0);
  const percentile = (share) => {
    let below = 0;
    return ages.findIndex((count) => (below += count) >= all * share && below > 0);
  };
  return `p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, max ${percentile(1)} ms (${all})`;
};

const folder = newFolder();
const port = String(await freePort());
const engine = await startEngine(['--data', folder, '--rate', String(RATE), '--port', port]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  await page.addInitScript(watchPaints);
  await page.goto(`http://127.0.0.1:${engine.ports.dashboard}/`);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const system = await browser.newBrowserCDPSession();
  const processes = async () => (await system.send('SystemInfo.getProcessInfo')).processInfo;
  const renderer = async () => {
    const pages = (await processes()).filter(({ type }) => type === 'renderer');
    return pages.sort((one, other) => other.cpuTime - one.cpuTime)[0].id;
  };
  const heapMiB = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'JSHeapUsedSize').value / 2 ** 20;
  };
  await delay(WARM_UP_MS);
  await page.evaluate(() => void globalThis.startAnew());
  const pid = await renderer();
  console.log(`${cpus().length} cores, ${RATE} ticks/s, ${MINUTES} minutes, 1440 x 1000 px`);
  for (let minute = 1; minute <= MINUTES; minute++) {
    const [began, cpu] = [performance.now(), cpuSecondsOf(pid)];
    await delay(60_000);
    const share = ((cpuSecondsOf(pid) - cpu) / (performance.now() - began)) * 100_000;
    const heap = await heapMiB();
    console.log(
      `  minute ${minute}: page's process ${share.toFixed(1)} % of a core, heap ${heap.toFixed(1)} MiB`,
    );
  }
  const ages = await page.evaluate(() => ({
    ticks: [...globalThis.ages.ticks],
    quotes: [...globalThis.ages.quotes],
  }));
  console.log(`  tick in the log -> painted   ${show(ages.ticks)}`);
  console.log(`  event time -> quote painted  ${show(ages.quotes)}`);
} finally {
  await browser.close();
  await engine.stop();
  rmSync(folder, { recursive: true });
}
