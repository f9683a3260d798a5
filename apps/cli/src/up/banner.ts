import type { UpPlan } from './plan.js';

/** What a person reads once everything runs: where to look, where things are, what to try next. */
export function banner(plan: UpPlan): string {
  const { ports, host, dataDir } = plan;
  const table = plan.apps.map((app) => `    ${app.padEnd(10)} http://${host}:${ports[app] ?? 0}`).join('\n');
  const look =
    ports.dashboard === undefined
      ? ''
      : `\n  Look at   http://${host}:${ports.dashboard}/api/bars?symbol=AAPL&interval=1s\n            http://${host}:${ports.dashboard}/api/symbols\n`;
  return `
  The engine is running.
${look}
  Data in   ${dataDir}   (another place: --data DIR)
  Ports
${table}
  Next      npx engine sql "SELECT symbol, count(*) AS ticks, max(event_time) AS newest FROM silver_ticks GROUP BY symbol" --data ${dataDir}
  Stop      Ctrl-C: nothing is lost, the next start goes on where this one ended.
`;
}
