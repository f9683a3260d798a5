import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { freePort } from './ports.js';
import { descendants, killAll, processesNaming } from './processes.js';
import { engineBin, repositoryRoot } from './repository.js';
import { until } from './until.js';

export type Environment = Readonly<Record<string, string>>;

export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `engine` command and what it has said so far. */
export class EngineProcess {
  #stdout = '';
  #stderr = '';
  readonly exited: Promise<EngineExit>;

  private constructor(
    private readonly child: ChildProcess,
    readonly command: readonly string[],
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.exited = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  static start(command: readonly string[], env: Environment = {}): EngineProcess {
    return EngineProcess.run(engineBin, command, env);
  }

  static run(script: string, command: readonly string[], env: Environment): EngineProcess {
    const child = spawn(process.execPath, [script, ...command], {
      cwd: repositoryRoot,
      env: { ...bareEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const engine = new EngineProcess(child, command);
    started.push(engine);
    return engine;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The engine was not started');
    return this.child.pid;
  }

  get output(): string {
    return `${this.#stdout}${this.#stderr}`;
  }

  /** The end of what it has said, without the ordinary lines of its log. */
  get complaint(): string {
    const lines = this.output.split('\n').filter((line) => !line.startsWith('{"level":"log"'));
    return lines.join('\n').slice(-6_000);
  }

  get hasExited(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async stop(signal: NodeJS.Signals): Promise<EngineExit> {
    this.kill(signal);
    return this.exited;
  }
}

const started: EngineProcess[] = [];

/** Whatever became of the tests, nothing that they started goes on running. */
afterAll(() => {
  const left = started.splice(0).filter((engine) => !engine.hasExited);
  for (const { pid } of left) killAll([pid, ...descendants(pid)]);
});

/** Nothing of the machine's own settings, and none of jest's options, may reach the program under test. */
function bareEnvironment(): Environment {
  const wanted = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(wanted.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** Runs a command to its end. */
export function runEngine(command: readonly string[], env: Environment = {}): Promise<EngineExit> {
  return EngineProcess.start(command, env).exited;
}

/** One app by itself, as it would run in a container of its own. */
export function appProcess(app: string, env: Environment): EngineProcess {
  return EngineProcess.run(`${repositoryRoot}apps/${app}/dist/main.js`, [], env);
}

/** `engine up` over one data folder, without the dashboard unless asked for; `port` is where the apps' HTTP starts. */
export async function startUp(
  dataDir: string,
  options: readonly string[],
  env: Environment = {},
): Promise<EngineProcess> {
  const port = String(await freePort());
  return EngineProcess.start(['up', '--data', dataDir, ...options], {
    HTTP_PORT: port,
    LOG_FORMAT: 'json',
    ...env,
  });
}

/** `engine up --until-idle`: resolves when all is done; throws with the engine's words when it did not exit with 0. */
export async function runUntilIdle(
  dataDir: string,
  options: readonly string[],
  env: Environment = {},
): Promise<EngineExit> {
  const engine = await startUp(dataDir, [...options, '--until-idle', '--no-dashboard'], env);
  const exit = await engine.exited;
  if (exit.code !== 0)
    throw new Error(`engine up ended with ${exit.code ?? exit.signal}: ${engine.complaint}`);
  return exit;
}

/** A file, as fast as it goes, to the end. */
export function runFile(dataDir: string, file: string, env: Environment = {}): Promise<EngineExit> {
  return runUntilIdle(dataDir, ['--file', file, '--speed', 'max'], env);
}

/** What is in `stock-ticks` already, to the end. */
export function runBacklog(dataDir: string, env: Environment = {}): Promise<EngineExit> {
  return runUntilIdle(dataDir, [], { FEED: 'none', ...env });
}

/** Throws when a process that has to do with the folder is still there once they had time to go. */
export async function untilNoProcessNames(dataDir: string): Promise<void> {
  await until(`no process names ${dataDir}`, () => processesNaming(dataDir).length === 0, 30_000);
}
