import { readFileSync } from 'node:fs';
import { variableNames } from '@engine/config';
import { EngineMetrics } from '@engine/observability';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/repository.js';

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly ports?: readonly string[];
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly container_name?: string;
  readonly profiles?: readonly string[];
}

const read = (path: string): string => readFileSync(`${repositoryRoot}${path}`, 'utf8');

const { services } = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
};
const ports = { producer: 3001, bronze: 3002, silver: 3003, gold: 3004, dashboard: 3000 };
const apps = Object.keys(ports) as (keyof typeof ports)[];

describe('docker-compose.yml', () => {
  it('starts the five apps and Kafka unless more is asked for', () => {
    const always = Object.entries(services).flatMap(([name, { profiles }]) => (profiles ? [] : [name]));
    expect(always.sort()).toEqual([...apps, 'kafka'].sort());
    for (const app of apps) expect(services[app]?.command).toEqual(['node', `apps/${app}/dist/main.js`]);
  });

  it('publishes on the loopback interface only, and of the apps the dashboard only', () => {
    const published = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(published.length).toBeGreaterThan(0);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(apps.filter((app) => services[app]?.ports !== undefined)).toEqual(['dashboard']);
  });

  it('fixes no name that would keep a layer from being scaled', () => {
    expect(Object.values(services).filter(({ container_name }) => container_name !== undefined)).toEqual([]);
  });

  it('sets only variables that the apps know', () => {
    const names = ['engine', ...apps].flatMap((name) => Object.keys(services[name]?.environment ?? {}));
    expect(names.filter((name) => !variableNames.includes(name))).toEqual([]);
  });

  it('gives all that compute or check figures the same rules', () => {
    const rulesOf = (name: string): unknown => {
      const shared = Object.entries(services[name]?.environment ?? {});
      return Object.fromEntries(shared.filter(([variable]) => !/^(HTTP_|FEED|DASHBOARD_)/.test(variable)));
    };
    for (const app of apps) expect([app, rulesOf(app)]).toEqual([app, rulesOf('engine')]);
  });

  it('bounds every container, and names every image by a version', () => {
    for (const [name, { image, mem_limit }] of Object.entries(services)) {
      expect([name, mem_limit]).toEqual([name, expect.stringMatching(/^\d+[mg]$/)]);
      expect([name, image]).toEqual([name, expect.stringMatching(/:(v?\d|\$\{ENGINE_VERSION:-\d)/)]);
    }
  });

  it('leaves the apps nothing to write to but the lake, and no capability', () => {
    for (const name of ['engine', ...apps])
      expect(services[name]).toMatchObject({ read_only: true, cap_drop: ['ALL'], volumes: ['lake:/data'] });
  });
});

describe('Prometheus', () => {
  it('asks every app at the port it listens on', () => {
    const { scrape_configs } = parse(read('observability/prometheus.yml')) as {
      scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const asked = scrape_configs.map(({ job_name, dns_sd_configs: [target] }) => [
      job_name,
      target?.names,
      target?.port,
    ]);
    expect(asked.sort()).toEqual(apps.map((app) => [app, [app], ports[app]]).sort());
    for (const app of apps) expect(services[app]?.environment?.['HTTP_PORT']).toBe(String(ports[app]));
  });
});

describe("Grafana's first dashboard", () => {
  const text = read('observability/grafana/dashboards/engine.json');

  it('shows nothing but what the apps measure', async () => {
    const measured = (await new EngineMetrics('silver').registry.getMetricsAsJSON()).map(({ name }) => name);
    const shown = [
      ...text.matchAll(/\b((?:engine|process)_[a-z_]+?)(?:_bucket|_sum|_count)?\b(?=[[{)"\\ ])/g),
    ];
    const names = [...new Set(shown.map(([, name]) => name))];
    expect(names).toEqual(expect.arrayContaining(['engine_lag_records', 'engine_tick_latency_seconds']));
    expect(names.filter((name) => !measured.includes(name!))).toEqual([]);
  });

  it('finds its data source', () => {
    const source = parse(read('observability/grafana/provisioning/datasources/prometheus.yml')) as {
      datasources: { uid: string }[];
    };
    const used = new Set([...text.matchAll(/"uid": "(\w+)"/g)].map(([, uid]) => uid));
    expect([...used].sort()).toEqual(['engine', source.datasources[0]?.uid].sort());
  });
});
