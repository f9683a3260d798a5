import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ContextFacts, VerifyContext } from '../verify-context.js';
import { rowsOf } from './part.js';
import type { Part, PartResult, PartRunner } from './part.js';

/** What a worker is started with. */
export interface WorkerStart {
  readonly folder: string;
  readonly facts: ContextFacts;
  readonly memoryLimit: string;
}

/** What a worker is given to do. */
export interface WorkerTask {
  readonly part: Part;
  /** What is known by now. */
  readonly unreadable: ReadonlySet<string>;
}

/** Rows live for one block: a nursery that holds some blocks spares most of the copying. */
const YOUNG_GENERATION_MB = 16;
const DATABASE_MB = 512;
const MIN_DATABASE_MB = 64;

/** Threads that do parts, each with a database of its own. The first error ends the run. */
export class WorkerPool implements PartRunner {
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  readonly #workers: Worker[] = [];

  constructor(
    private readonly folder: string,
    private readonly threads: number,
  ) {}

  async *run(context: VerifyContext, parts: readonly Part[]): AsyncGenerator<PartResult, void> {
    // The longest first, so that at the end no thread waits long for another one.
    const order = [...parts].sort((one, other) => rowsOf(context, other) - rowsOf(context, one));
    const started = new Map(order.map((part) => [part, this.#do(part, context)]));
    const results = parts.map((part) => started.get(part)!);
    // Of those that fail the first is thrown when its turn comes; the others must not end the process before.
    for (const result of results) result.catch(() => undefined);
    for (const result of results) yield await result;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  async #do(part: Part, context: VerifyContext): Promise<PartResult> {
    const worker = await this.#take(context);
    const answer = once(worker, 'message') as Promise<[PartResult]>;
    const task: WorkerTask = { part, unreadable: context.unreadable };
    worker.postMessage(task);
    const [result] = await answer;
    this.#giveBack(worker);
    return result;
  }

  #take(context: VerifyContext): Worker | Promise<Worker> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#workers.length < this.threads) return this.#start(context);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
  }

  #start(context: VerifyContext): Worker {
    const memoryMb = Math.max(MIN_DATABASE_MB, Math.floor(DATABASE_MB / this.threads));
    const workerData: WorkerStart = {
      folder: this.folder,
      facts: context.facts(),
      memoryLimit: `${memoryMb}MB`,
    };
    const worker = new Worker(new URL('./part-worker.js', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#workers.push(worker);
    return worker;
  }
}
