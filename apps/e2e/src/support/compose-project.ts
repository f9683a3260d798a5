import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './ports.js';
import { repositoryRoot } from './repository.js';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const answers = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** Compose as a plugin of Docker (v2), or as a program of its own. */
const COMPOSE: readonly string[] | undefined = answers('docker', 'compose', 'version')
  ? ['docker', 'compose']
  : answers('docker-compose', 'version')
    ? ['docker-compose']
    : undefined;

/** What the machine lacks to run containers; undefined when nothing. */
export const missingForContainers = !answers('docker', 'info')
  ? 'no Docker engine answers'
  : COMPOSE === undefined
    ? 'no docker compose'
    : undefined;

/** Far beyond what any of these programs needs, building the image included. */
const HANGS_AFTER_MS = 600_000;

/** Runs a program to its end, whatever it ends with; one that hangs is ended. */
export function run(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Answer> {
  const [program = '', ...args] = command;
  const options = { cwd: repositoryRoot, env, maxBuffer: 64 * 1024 * 1024, timeout: HANGS_AFTER_MS };
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      resolve({ code, stdout, stderr });
    });
    // Nobody types: `docker compose run` would go on waiting for it.
    child.stdin?.end();
  });
}

/** Runs a program that has to succeed. */
export async function mustRun(
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { code, stdout, stderr } = await run(command, env);
  if (code !== 0)
    throw new Error(
      `${command.join(' ')} ended with ${code}:\n${stdout.slice(-4_000)}\n${stderr.slice(-4_000)}`,
    );
  return stdout;
}

/** The repository's docker-compose.yml as a project of its own: names, image tag and published ports are nobody else's. */
export class ComposeProject {
  private constructor(
    readonly image: string,
    readonly dashboard: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async create(settings: Readonly<Record<string, string>>): Promise<ComposeProject> {
    const name = `engine-e2e-${randomBytes(4).toString('hex')}`;
    const port = await freePort();
    return new ComposeProject(`financial-analysis-engine:${name}`, `http://127.0.0.1:${port}`, {
      ...process.env,
      // The classic builder is the one that knows images which only this machine has.
      DOCKER_BUILDKIT: process.env['BASE_IMAGES_BUILD'] ? '0' : '1',
      COMPOSE_PROJECT_NAME: name,
      ENGINE_VERSION: name,
      DASHBOARD_PORT: String(port),
      KAFKA_PORT: String(await freePort()),
      ...settings,
    });
  }

  compose(...args: string[]): Promise<string> {
    return mustRun([...(COMPOSE ?? []), ...args], this.env);
  }

  /** One `engine` command in a container of its own, on the project's lake. */
  engine(...args: string[]): Promise<Answer> {
    return run([...(COMPOSE ?? []), 'run', '--rm', '-T', 'engine', ...args], this.env);
  }

  /** Ids of a service's running containers. */
  async containers(service: string): Promise<string[]> {
    const ids = await this.compose('ps', '-q', service);
    const running: string[] = [];
    for (const id of ids.split('\n').filter((line) => line !== '')) {
      const state = await mustRun(['docker', 'inspect', '-f', '{{.State.Running}}', id]);
      if (state.trim() === 'true') running.push(id);
    }
    return running;
  }

  /** An answer of the dashboard; undefined while it does not answer. Twice a second at most: it refuses who asks too often. */
  async ask<T>(path: string): Promise<T | undefined> {
    await delay(500);
    try {
      const response = await fetch(`${this.dashboard}${path}`, { signal: AbortSignal.timeout(30_000) });
      return response.ok ? ((await response.json()) as T) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Containers, networks, volumes and the image, whatever state they are in. */
  async remove(): Promise<void> {
    await run([...(COMPOSE ?? []), 'down', '--volumes', '--remove-orphans', '--timeout', '5'], this.env);
    await run(['docker', 'image', 'rm', '--force', this.image]);
  }
}
