import type { INestApplication } from '@nestjs/common';
import { describeFatal, exitCodeOf, ExitCode } from './exit-code.js';
import { limitHeapGrowth } from './heap-growth.js';
import { listen } from './listen.js';
import type { HttpAddress } from './listen.js';
import { thisProcess } from './process-host.js';
import type { ProcessHost } from './process-host.js';

/** Publishing what is buffered must fit in; an orchestrator kills after 30 s. */
const STOP_DEADLINE_MS = 25_000;

export interface AppToRun {
  readonly app: INestApplication;
  readonly http: HttpAddress;
  /** Rejects when the app's work ended by an error, which stops the process. */
  readonly ended?: Promise<unknown>;
  /** Takes up the work once HTTP answers. Where it has not ended yet, `stop` makes it end. */
  readonly start?: () => Promise<void>;
  /** The parent has said that it is going to stop this app, after others: what can be done ahead of that. */
  readonly stopAnnounced?: () => void;
  /**
   * Ends the work before the app closes: what `ended` is about, and whatever must not fail in silence (Nest logs the
   * errors of its own shutdown hooks and goes on).
   */
  readonly stop?: () => Promise<void>;
}

export interface RunOptions {
  readonly host?: ProcessHost;
  readonly stopDeadlineMs?: number;
}

/**
 * Runs one app as this process, from start to exit. Every `main.ts` is one call of it.
 *
 * - SIGTERM, and SIGINT without a parent, close the app and exit 0; 70 when it did not close in time.
 * - With a parent (an IPC channel) SIGINT is the parent's affair, the parent is sent `{type: 'listening', port}`, and the
 *   app closes when the parent is gone; once the work is taken up, it is sent `{type: 'started'}`. A parent that is going to
 *   stop it may say so before: `{type: 'stopping'}`.
 * - An error at the start, or of `ended`, is printed and ends the process with the error's `exitCode`, else 70.
 */
export async function runApp(bootstrap: () => Promise<AppToRun>, options: RunOptions = {}): Promise<void> {
  await new AppProcess(options.host ?? thisProcess, options.stopDeadlineMs ?? STOP_DEADLINE_MS).run(
    bootstrap,
  );
}

class AppProcess {
  #running: AppToRun | undefined;
  #serving: Promise<void> = Promise.resolve();
  #starting: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(
    private readonly host: ProcessHost,
    private readonly stopDeadlineMs: number,
  ) {}

  async run(bootstrap: () => Promise<AppToRun>): Promise<void> {
    this.#listenToTheWorld();
    this.#serving = this.#serve(bootstrap);
    this.#starting = this.#serving.then(() => (this.#isStopping ? undefined : this.#start()));
    try {
      await this.#starting;
    } catch (error) {
      await this.#fail(error);
    }
  }

  #listenToTheWorld(): void {
    const { host } = this;
    host.on('uncaughtException', (error) => {
      host.print(describeFatal(error));
      host.exit(exitCodeOf(error));
    });
    host.on('SIGTERM', () => void this.#stop(ExitCode.done));
    host.on('SIGINT', () => {
      if (!host.hasParent) void this.#stop(ExitCode.done);
    });
    if (!host.hasParent) return;
    host.on('disconnect', () => void this.#stop(ExitCode.done));
    host.on('message', (message) => {
      if (isStopAnnounced(message)) this.#running?.stopAnnounced?.();
    });
    host.releaseParent();
  }

  async #serve(bootstrap: () => Promise<AppToRun>): Promise<void> {
    const running = await bootstrap();
    this.#running = running;
    running.ended?.catch((error: unknown) => this.#fail(error));
    const port = await listen(running.app, running.http);
    this.host.tellParent({ type: 'listening', port });
  }

  async #start(): Promise<void> {
    await this.#running?.start?.();
    // Not before: a start that only builds up leaves no garbage that was worth the search.
    limitHeapGrowth();
    if (!this.#isStopping) this.host.tellParent({ type: 'started' });
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#isStopping) return;
    this.host.print(describeFatal(error));
    await this.#stop(exitCodeOf(error));
  }

  /** Closes the app once HTTP answers, and exits; on the way, signals change nothing any more. */
  async #stop(exitCode: number): Promise<void> {
    if (this.#isStopping) return;
    this.#isStopping = true;
    const deadline = setTimeout(() => {
      this.host.print(`Not closed within ${this.stopDeadlineMs} ms: giving up`);
      this.host.exit(ExitCode.bug);
    }, this.stopDeadlineMs);
    const code = await this.#close().then(
      () => exitCode,
      (error: unknown) => {
        this.host.print(`Not closed cleanly: ${describeFatal(error)}`);
        return exitCode === ExitCode.done ? exitCodeOf(error) : exitCode;
      },
    );
    clearTimeout(deadline);
    this.host.exit(code);
  }

  async #close(): Promise<void> {
    await this.#serving.catch(() => undefined);
    try {
      await this.#running?.stop?.();
    } finally {
      await this.#starting.catch(() => undefined);
      await this.#running?.app.close();
    }
  }
}

function isStopAnnounced(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'stopping';
}
