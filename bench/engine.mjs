// Starts `engine up` for the benches and looks at its processes from outside.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../apps/cli/bin/engine.mjs', import.meta.url));

export const newFolder = () => mkdtempSync(join(tmpdir(), 'engine-bench-'));

/** Runs `engine` to its end; rejects when it fails. Resolves to what it printed. */
export function engine(args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      env: { ...process.env, LOG_LEVEL: 'warn', ...env },
    });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (printed += part));
    child.on('exit', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(`engine ${args.join(' ')}: ${code}\n${printed}`)),
    );
  });
}

/** Starts `engine up`; resolves once everything listens. `stopped` resolves when it has ended. */
export async function startEngine(args, env = {}) {
  const child = spawn(process.execPath, [bin, 'up', ...args], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...env },
  });
  const stopped = new Promise((resolve) => child.on('exit', resolve));
  let printed = '';
  const banner = await new Promise((resolve, reject) => {
    const read = (part) => {
      printed += part;
      if (printed.includes('Stop      Ctrl-C')) resolve(printed);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`engine up ended with ${code}\n${printed}`)));
  });
  const ports = Object.fromEntries(
    [...banner.matchAll(/^ {4}(\w+) +(\d+)$/gm)].map(([, app, port]) => [app, Number(port)]),
  );
  return {
    pid: child.pid,
    ports,
    stopped,
    printed: () => printed,
    stop: () => (child.kill('SIGTERM'), stopped),
  };
}

/** The apps that `engine up` has started, by name. */
export function childrenOf(pid) {
  const apps = {};
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent !== pid) continue;
      const app = /apps\/(\w+)\/(?:bundle|dist)/.exec(readFileSync(`/proc/${entry}/cmdline`, 'utf8'))?.[1];
      if (app !== undefined) apps[app] = Number(entry);
    } catch {
      // Ended in the meantime.
    }
  }
  return apps;
}

/** Resident and anonymous memory, MiB: pages of the log's mapped files count as resident, but can be given back at any time. */
export function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (key) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024);
  return { resident: mib('VmRSS'), anonymous: mib('RssAnon'), peak: mib('VmHWM') };
}

/** CPU time a process has used so far, seconds (USER_HZ is 100 on every Linux that Node runs on). */
export function cpuSecondsOf(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Quantile of a Prometheus histogram, linear within the bucket, in seconds. */
export function quantile(metrics, name, labels, q) {
  const line = new RegExp(`^${name}_bucket\\{([^}]*)\\} (\\d+)$`, 'gm');
  const buckets = [...metrics.matchAll(line)]
    .filter(([, found]) =>
      Object.entries(labels).every(([key, value]) => found.includes(`${key}="${value}"`)),
    )
    .map(([, found, count]) => ({
      le: Number(/le="([^"]+)"/.exec(found)[1].replace('+Inf', 'Infinity')),
      count: Number(count),
    }))
    .sort((a, b) => a.le - b.le);
  const rank = (buckets.at(-1)?.count ?? 0) * q;
  const at = buckets.findIndex(({ count }) => count >= rank);
  if (rank === 0 || at < 0) return NaN;
  const below = buckets[at - 1] ?? { le: 0, count: 0 };
  const { le, count } = buckets[at];
  return below.le + ((le - below.le) * (rank - below.count)) / Math.max(1, count - below.count);
}
