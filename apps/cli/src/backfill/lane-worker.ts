import { parentPort, workerData } from 'node:worker_threads';
import { readLayerConfig } from '@engine/config';

import { exitCodeOf, textOf } from '../failure.js';
import type { LaneJob } from './lane-jobs.js';
import { LaneWork } from './lane-work.js';
import type { WorkerReport, WorkerStart } from './lane-threads.js';

/** A thread of `runLanes`: a job comes, what became of it goes back; null ends it. */
const port = parentPort!;
const { env, generations } = workerData as WorkerStart;
const report = (message: WorkerReport): void => {
  port.postMessage(message);
};

const work = LaneWork.open(readLayerConfig(env, 'silver'), generations, {
  published: (table, rows) => {
    report({ kind: 'published', table, rows });
  },
  retrying: (what) => {
    report({ kind: 'retrying', what });
  },
});
work.catch(reportFailure);

port.on('message', (job: LaneJob | null) => {
  if (job === null) void work.then((opened) => opened.close()).then(() => process.exit());
  else
    void work
      .then((opened) => opened.run(job))
      .then(() => {
        report({ kind: 'done' });
      })
      .catch(reportFailure);
});

/** An error's class does not come through to another thread. */
function reportFailure(error: unknown): void {
  report({ kind: 'failed', message: textOf(error), exitCode: exitCodeOf(error) });
}
