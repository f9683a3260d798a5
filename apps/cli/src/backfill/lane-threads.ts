import { Worker } from 'node:worker_threads';

import { CommandError } from '../usage-error.js';
import type { LaneObserver, NewGenerations } from './lane-work.js';

/** What a worker is started with. */
export interface WorkerStart {
  /** The settings, to be read again: the objects they become would lose their methods on the way. */
  readonly env: NodeJS.ProcessEnv;
  readonly generations: NewGenerations;
}

export type WorkerReport =
  | { readonly kind: 'published'; readonly table: string; readonly rows: number }
  | { readonly kind: 'retrying'; readonly what: string }
  | { readonly kind: 'done'; readonly lane: number }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };

/** Computes lanes in threads, each lane in one of them and as many at a time as there are threads. The first error ends it. */
export async function runLanes(
  lanes: readonly number[],
  threads: number,
  start: WorkerStart,
  observer: LaneObserver,
): Promise<void> {
  const waiting = [...lanes];
  const workers = Array.from({ length: Math.min(threads, lanes.length) }, () => startWorker(start));
  try {
    await Promise.all(workers.map((worker) => workOff(worker, waiting, observer)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const startWorker = (workerData: WorkerStart): Worker =>
  new Worker(new URL('./lane-worker.js', import.meta.url), { workerData });

function workOff(worker: Worker, waiting: number[], observer: LaneObserver): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => {
      worker.postMessage(waiting.shift() ?? null);
    };
    worker.on('message', (report: WorkerReport) => {
      if (report.kind === 'published') observer.published(report.table, report.rows);
      else if (report.kind === 'retrying') observer.retrying(report.what);
      else if (report.kind === 'done') next();
      else reject(failureOf(report));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      resolve();
    });
    next();
  });
}

const failureOf = ({ message, exitCode }: Extract<WorkerReport, { kind: 'failed' }>): CommandError =>
  new CommandError(message, exitCode === 78 || exitCode === 75 ? exitCode : 70);
