// How much of a core each process of an idle engine takes: `node bench/idle.mjs [--seconds 60] [--port 3900]`.
// Starts `engine up` without a feed on a folder of its own, lets it settle, and reads /proc before and after.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
const LIMIT_PERCENT = 3;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, port: { type: 'string', default: '3900' } },
});
const seconds = Number(values.seconds);

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const stat = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};
const cpuSeconds = (pid) => (Number(stat(pid)[11]) + Number(stat(pid)[12])) / TICKS_PER_SECOND;
const residentMiB = (pid) => (Number(stat(pid)[21]) * PAGE_BYTES) / 2 ** 20;
const commandLine = (pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim();

function parentOf(pid) {
  try {
    return Number(stat(pid)[1]);
  } catch {
    return -1; // Gone between the listing and the look.
  }
}

function family(pid) {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const children = all.map(Number).filter((candidate) => parentOf(candidate) === pid);
  return [pid, ...children.flatMap(family)];
}

/** `apps/bronze/dist/main.js` is bronze. */
function nameOf(pid) {
  return /apps\/(\w+)\/(?:bundle|dist|bin)/.exec(commandLine(pid))?.[1] ?? commandLine(pid).slice(0, 40);
}

async function untilReady(url, engine) {
  for (let tries = 0; tries < 600; tries++) {
    if (engine.exitCode !== null) throw new Error(`engine up ended with ${engine.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`${url} did not answer`);
}

const dataDir = mkdtempSync(join(tmpdir(), 'engine-idle-'));
const engine = spawn(
  process.execPath,
  [join(root, 'apps/cli/bin/engine.mjs'), 'up', '--data', dataDir, '--port', values.port],
  { cwd: root, env: { ...process.env, FEED: 'none' }, stdio: ['ignore', 'ignore', 'inherit'] },
);
const ended = new Promise((resolve) => engine.once('close', resolve));
try {
  await untilReady(`http://127.0.0.1:${values.port}/health/ready`, engine);
  // The first seconds belong to the start: compilation, first garbage collections.
  await pause(10_000);
  const processes = family(engine.pid);
  const before = new Map(processes.map((pid) => [pid, cpuSeconds(pid)]));
  const from = performance.now();
  await pause(seconds * 1_000);
  const elapsed = (performance.now() - from) / 1_000;
  const rows = processes.map((pid) => ({
    process: nameOf(pid),
    'percent of a core': Number((((cpuSeconds(pid) - before.get(pid)) / elapsed) * 100).toFixed(2)),
    'RSS MiB': Math.round(residentMiB(pid)),
  }));
  console.table(rows);
  const total = rows.reduce((sum, row) => sum + row['percent of a core'], 0);
  console.log(
    `${total.toFixed(2)} % of a core in ${elapsed.toFixed(0)} s, the aim is under ${LIMIT_PERCENT} %`,
  );
} finally {
  engine.kill('SIGTERM');
  await ended;
  rmSync(dataDir, { recursive: true, force: true });
}
