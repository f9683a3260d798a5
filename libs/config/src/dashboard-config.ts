import { readApp } from './app-config.js';
import type { AppConfig } from './app-config.js';
import { deepFreeze } from './deep-freeze.js';
import { DashboardEnv } from './env/dashboard.env.js';
import { EnvironmentReader } from './read-env.js';
import type { Environment } from './read-env.js';
import { readRules } from './rules-config.js';
import type { RulesConfig } from './rules-config.js';

export interface DashboardConfig extends AppConfig {
  readonly app: 'dashboard';
  readonly rules: RulesConfig;
  readonly dashboard: {
    /** Null: no token is asked for. */
    readonly token: string | null;
    /** Everyone may look, from other machines too. */
    readonly isPublic: boolean;
    /** Names by which it is reached beside loopback names, addresses and the one it listens at. */
    readonly hosts: readonly string[];
  };
}

/** The dashboard's whole configuration, or `InvalidEnvironmentError` with every problem. */
export function readDashboardConfig(env: Environment): DashboardConfig {
  const reader = new EnvironmentReader(env);
  const access = reader.read(DashboardEnv);
  const config = {
    ...readApp(reader, 'dashboard'),
    app: 'dashboard' as const,
    rules: readRules(reader),
    dashboard: {
      token: access.DASHBOARD_TOKEN ?? null,
      isPublic: access.DASHBOARD_PUBLIC,
      hosts: access.DASHBOARD_HOSTS,
    },
  };
  reader.assertValid();
  return deepFreeze(config);
}
