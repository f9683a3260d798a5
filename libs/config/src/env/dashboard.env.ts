import { isLoopback } from '../loopback.js';
import { Flag, List, Text } from '../variable-kinds.js';
import { RefuseWhen, Secret } from '../variable.js';
import { ProcessEnv, TOKEN, TOKEN_REMEDY } from './process.env.js';

/** Who may look. */
export class DashboardEnv extends ProcessEnv {
  @Secret()
  @Text(TOKEN, TOKEN_REMEDY)
  @RefuseWhen(
    (env: DashboardEnv) =>
      env.DASHBOARD_TOKEN === undefined &&
      !env.DASHBOARD_PUBLIC &&
      typeof env.HTTP_HOST === 'string' &&
      !isLoopback(env.HTTP_HOST),
    'HTTP_HOST is reachable from other machines; give a token, or set DASHBOARD_PUBLIC=true to let everyone in',
  )
  DASHBOARD_TOKEN?: string;

  @Flag()
  DASHBOARD_PUBLIC = false;

  /** Names by which the dashboard is reached, beside loopback names, addresses and HTTP_HOST. */
  @List(
    /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/,
    'give host names without ports, such as dashboard.example.org',
  )
  DASHBOARD_HOSTS: readonly string[] = [];
}
