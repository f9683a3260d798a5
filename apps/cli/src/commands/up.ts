import { parseArguments } from '../arguments.js';
import type { Command } from '../command.js';
import { addressOf, banner } from '../up/banner.js';
import { DataFolderLock } from '../up/data-folder-lock.js';
import { openBrowser } from '../up/open-browser.js';
import { planUp } from '../up/plan.js';
import type { UpPlan } from '../up/plan.js';
import { Supervisor } from '../up/supervisor.js';

const OPTIONS = {
  file: { type: 'string' },
  speed: { type: 'string' },
  rate: { type: 'string' },
  symbols: { type: 'string' },
  port: { type: 'string' },
  kafka: { type: 'string' },
  open: { type: 'boolean' },
  'until-idle': { type: 'boolean' },
  'no-dashboard': { type: 'boolean' },
} as const;

export const up: Command = {
  name: 'up',
  synopsis: 'up [options]',
  summary: 'run the whole pipeline, on an embedded log or on Kafka; Ctrl-C stops it',
  options: [
    '--file FILE      ticks from a file or folder (JSON lines, CSV, Yahoo streaming CSV) instead of the synthetic feed',
    '--speed X|max    how fast a file is replayed: a factor, or as fast as it goes (default 1)',
    '--rate N         ticks per second of the synthetic feed (default 50)',
    '--symbols A,B    symbols of the synthetic feed',
    '--until-idle     when the feed has ended: close every window and bar, publish, print the ledger, exit',
    '--no-dashboard   without the dashboard',
    '--kafka H:P      on the Kafka brokers host:port,host:port instead of the embedded log',
    '--port N         first port to try (default 3000); ports that are taken are stepped over',
    '--open           shows the page in the browser',
  ],
  run: async (args) => {
    const plan = await planUp(parseArguments(args, OPTIONS), process.env);
    const lock = DataFolderLock.take(
      plan.dataDir,
      `http://${plan.host}:${Object.values(plan.ports)[0] ?? 0}`,
    );
    try {
      return await runUntilStopped(plan);
    } finally {
      lock.release();
    }
  },
};

/** Standard output carries the apps' logs as well; what is for a person goes to standard error when they are JSON. */
const say = (line: string): void => {
  (process.stdout.isTTY ? process.stdout : process.stderr).write(`${line}\n`);
};

async function runUntilStopped(plan: UpPlan): Promise<number> {
  const stopped = new Promise<'stopped'>((resolve) => {
    const stop = (): void => {
      resolve('stopped');
    };
    process.once('SIGINT', stop).once('SIGTERM', stop).once('SIGHUP', stop);
  });
  const supervisor = new Supervisor(plan, say);
  const work = supervisor.start().then(() => {
    say(banner(plan));
    if (plan.opensBrowser) openBrowser(addressOf(plan, 'dashboard'), say);
    return plan.untilIdle ? supervisor.untilIdle().then(() => 'idle' as const) : supervisor.failed;
  });
  let outcome: 'stopped' | 'idle';
  try {
    outcome = await Promise.race([stopped, work]);
  } catch (error) {
    await supervisor.stop().catch((also: unknown) => {
      say(String(also));
    });
    throw error;
  }
  await supervisor.stop();
  say('Stopped in order: nothing is lost, the next start goes on where this one ended.');
  // Whoever stops in the middle gets no verdict: rows are still on their way.
  return outcome === 'idle' ? printLedger(plan) : 0;
}

async function printLedger(plan: UpPlan): Promise<number> {
  // With it comes DuckDB, which nothing else needs here.
  const { readLedger } = await import('../up/ledger.js');
  const ledger = await readLedger(plan.lakeDir);
  process.stdout.write(`${ledger.lines.join('\n')}\n`);
  return ledger.isBalanced ? 0 : 1;
}
