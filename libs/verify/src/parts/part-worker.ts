import { parentPort, workerData } from 'node:worker_threads';
import { LakeInspector } from '@engine/lake';
import { VerifyContext } from '../verify-context.js';
import { resultOf } from './part.js';
import type { WorkerStart, WorkerTask } from './worker-pool.js';

/** A thread of `WorkerPool`: a part comes, its result goes back. An error ends the thread, and the pool throws it. */
const port = parentPort!;
const { folder, facts, memoryLimit } = workerData as WorkerStart;
const lake = await LakeInspector.open({ folder, memoryLimit, threads: 1 });
const context = VerifyContext.of(lake, facts);

port.on('message', ({ part, unreadable }: WorkerTask) => {
  for (const path of unreadable) context.unreadable.add(path);
  void resultOf(context, part).then((result) => {
    port.postMessage(result);
  });
});
