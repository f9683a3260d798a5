import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';

import { dataFolder, lakeFolder, text } from '../arguments.js';
import type { ParsedArguments } from '../arguments.js';
import { UsageError } from '../usage-error.js';
import { freePorts } from './ports.js';

export type AppName = 'producer' | 'bronze' | 'silver' | 'gold' | 'dashboard';

/** What `engine up` is going to start, where, and until when. */
export interface UpPlan {
  readonly dataDir: string;
  readonly lakeDir: string;
  readonly host: string;
  readonly apps: readonly AppName[];
  readonly ports: Readonly<Partial<Record<AppName, number>>>;
  /** Ports that were taken by somebody else. */
  readonly takenPorts: readonly number[];
  /** Lets only this `engine up` use the apps' control endpoints. */
  readonly controlToken: string;
  readonly untilIdle: boolean;
  /** Whether to show the page in the browser once it is there. */
  readonly opensBrowser: boolean;
  /** Environment of all apps. */
  readonly env: NodeJS.ProcessEnv;
}

/** Options of `engine up` and what they set in the apps' environment. */
const SETTINGS = {
  file: 'FEED_FILE',
  speed: 'FEED_SPEED',
  rate: 'FEED_RATE',
  symbols: 'FEED_SYMBOLS',
} as const;

/** In the order in which ticks pass through them, the one to look at first. */
const LAYERS: readonly AppName[] = ['producer', 'bronze', 'silver', 'gold'];
const DEFAULT_PORT = 3000;

export async function planUp(parsed: ParsedArguments, env: NodeJS.ProcessEnv): Promise<UpPlan> {
  if (parsed.values['open'] === true && parsed.values['no-dashboard'] === true)
    throw new UsageError('--open: with --no-dashboard there is no page to open; leave one of them out');
  const dataDir = dataFolder(parsed, env);
  const host = env['HTTP_HOST'] === undefined || env['HTTP_HOST'] === '' ? '127.0.0.1' : env['HTTP_HOST'];
  const apps = parsed.values['no-dashboard'] === true ? LAYERS : (['dashboard', ...LAYERS] as const);
  const controlToken = randomBytes(24).toString('hex');
  const { free, taken } = await freePorts(firstPort(parsed, env), apps.length, host);
  return {
    dataDir,
    lakeDir: lakeFolder(parsed, env),
    host,
    apps,
    ports: Object.fromEntries(apps.map((app, at) => [app, free[at]])),
    takenPorts: taken,
    controlToken,
    untilIdle: parsed.values['until-idle'] === true,
    opensBrowser: parsed.values['open'] === true,
    env: {
      ...env,
      ...feedSettings(parsed),
      ...logSettings(parsed),
      DATA_DIR: dataDir,
      HTTP_HOST: host,
      CONTROL_TOKEN: controlToken,
      UV_THREADPOOL_SIZE: env['UV_THREADPOOL_SIZE'] ?? '16',
      ...memorySettings(env),
      // On a terminal a person reads: five apps' start-up lines would bury what matters.
      ...(process.stdout.isTTY && !env['LOG_LEVEL'] ? { LOG_LEVEL: 'warn' } : {}),
    },
  };
}

/**
 * Ticks are short-lived: of the three spaces for what is young, 4 MiB each hold what is in work, and Node.js' 16 would be filled with
 * what is not needed any more before anything is freed. So would an arena of the allocator for each of the many threads, and one for
 * all of them takes no more CPU. What the user sets goes before.
 */
function memorySettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    MALLOC_ARENA_MAX: env['MALLOC_ARENA_MAX'] ?? '1',
    NODE_OPTIONS: `--max-semi-space-size=4 ${env['NODE_OPTIONS'] ?? ''}`.trim(),
  };
}

function feedSettings(parsed: ParsedArguments): NodeJS.ProcessEnv {
  const settings: NodeJS.ProcessEnv = {};
  for (const [option, variable] of Object.entries(SETTINGS)) {
    const value = text(parsed, option);
    if (value !== undefined) settings[variable] = option === 'file' ? resolve(value) : value;
  }
  if (settings['FEED_FILE'] !== undefined) settings['FEED'] = 'file';
  return settings;
}

/** An option of the command line wins over the environment. */
function logSettings(parsed: ParsedArguments): NodeJS.ProcessEnv {
  const brokers = text(parsed, 'kafka');
  return brokers === undefined ? {} : { LOG_TRANSPORT: 'kafka', KAFKA_BROKERS: brokers };
}

function firstPort(parsed: ParsedArguments, env: NodeJS.ProcessEnv): number {
  const given = text(parsed, 'port') ?? env['HTTP_PORT'];
  if (given === undefined || given === '') return DEFAULT_PORT;
  const port = Number(given);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new UsageError(`--port ${given}: give a port from 1 to 65535, or leave it out for ${DEFAULT_PORT}`);
  }
  return port;
}
