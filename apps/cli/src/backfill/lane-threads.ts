import { Worker } from 'node:worker_threads';

import { CommandError } from '../usage-error.js';
import { LaneJobs } from './lane-jobs.js';
import type { LaneJob } from './lane-jobs.js';
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
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };

/** Computes the lanes of each layer in threads, as many at a time as there are threads. The first error ends it. */
export async function runLanes(
  lanes: readonly number[],
  threads: number,
  start: WorkerStart,
  observer: LaneObserver,
): Promise<void> {
  const jobs = new LaneJobs(lanes, start.generations.layers);
  const workers = Array.from({ length: Math.min(threads, lanes.length) }, () => startWorker(start));
  const idle = new Set<() => void>();
  try {
    await Promise.all(workers.map((worker) => workOff(worker, jobs, idle, observer)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

const startWorker = (workerData: WorkerStart): Worker =>
  new Worker(new URL('./lane-worker.js', import.meta.url), { workerData });

/** `idle`: those of all workers who wait for a job that can be begun. */
function workOff(
  worker: Worker,
  jobs: LaneJobs,
  idle: Set<() => void>,
  observer: LaneObserver,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let job: LaneJob | undefined;
    const next = (): void => {
      idle.delete(next);
      job = jobs.take();
      if (job !== undefined || jobs.areAllTaken) worker.postMessage(job ?? null);
      else idle.add(next);
    };
    worker.on('message', (report: WorkerReport) => {
      if (report.kind === 'published') observer.published(report.table, report.rows);
      else if (report.kind === 'retrying') observer.retrying(report.what);
      else if (report.kind === 'failed') reject(failureOf(report));
      else {
        if (jobs.done(job!)) observer.completed(job!.layer);
        for (const each of [next, ...idle]) each();
      }
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
