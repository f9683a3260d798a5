import type { AppName, UpPlan } from './plan.js';

/** Addresses that stand for every address of the machine: nobody can click on them. */
const WILDCARDS: readonly string[] = ['0.0.0.0', '::'];

/** Where an app is found from this machine. */
export function addressOf({ host, ports }: Pick<UpPlan, 'host' | 'ports'>, app: AppName): string {
  const name = WILDCARDS.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${ports[app] ?? 0}`;
}

type Shown = Pick<UpPlan, 'host' | 'ports' | 'takenPorts' | 'apps' | 'dataDir'>;

/** What a person reads once everything runs: where to look, where things are, what to try next. */
export function banner(plan: Shown): string {
  const { apps, ports, takenPorts, dataDir } = plan;
  const look = ports.dashboard === undefined ? [] : [`  Look at   ${addressOf(plan, 'dashboard')}`, ''];
  const taken = takenPorts.length === 0 ? [] : [`    ${takenPorts.join(', ')} taken by others: stepped over`];
  const lines = [
    '  The engine is running.',
    '',
    ...look,
    `  Data in   ${dataDir}   (another place: --data DIR)`,
    '  Ports',
    ...apps.map((app) => `    ${app.padEnd(10)} ${ports[app] ?? 0}`),
    ...taken,
    `  Next      npx engine verify --data ${dataDir}`,
    '  Stop      Ctrl-C: nothing is lost, the next start goes on where this one ended.',
  ];
  return `\n${lines.join('\n')}\n`;
}
