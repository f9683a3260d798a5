import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { entryOf } from './app-entry.js';
import type { AppName } from './plan.js';

export interface AppExit {
  readonly name: AppName;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It had nothing in hand yet. */
  readonly wasStarting: boolean;
}

/** One app as a child process. It stops by itself when the channel to us breaks, so that it never outlives us. */
export class SupervisedApp {
  readonly exited: Promise<AppExit>;
  /** Resolves when it has taken up its work; it answers HTTP before. */
  readonly started: Promise<void>;
  #isStarted = false;

  private constructor(
    readonly name: AppName,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {
    this.exited = once(child, 'exit').then(([code, signal]) => ({
      name,
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      wasStarting: !this.#isStarted,
    }));
    this.started = new Promise((resolve) => {
      child.on('message', (message) => {
        if (!isStarted(message)) return;
        this.#isStarted = true;
        resolve();
      });
    });
  }

  static start(name: AppName, host: string, port: number, env: NodeJS.ProcessEnv): SupervisedApp {
    const child = fork(entryOf(name), [], {
      env: { ...env, HTTP_PORT: String(port) },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return new SupervisedApp(name, `http://${host}:${port}`, child);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** For an app that hangs: it could not stop cleanly. */
  kill(): void {
    this.child.kill('SIGKILL');
  }

  /** Lets the app do ahead what it can do, as it will be asked to stop after others. */
  announceStop(): void {
    // One that is ending just now need not hear it.
    if (this.child.connected) this.child.send({ type: 'stopping' }, () => undefined);
  }

  /** Asks the app to stop cleanly. Resolves when it has ended. */
  async stop(): Promise<AppExit> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM');
    return this.exited;
  }
}

function isStarted(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'started';
}
