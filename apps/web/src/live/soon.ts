/** What comes in one burst is shown together. */
const BURST_MS = 8;

let waiting: (() => void)[] = [];

/**
 * Runs the task, with all others that wait, when a burst of events is over. Not before a frame (`requestAnimationFrame`):
 * there the chart would plan its own drawing for the frame after, and each update would cost two. A page out of sight
 * paints no frame, and goes on as well.
 */
export function soon(task: () => void): void {
  if (waiting.push(task) === 1) window.setTimeout(runAll, BURST_MS);
}

function runAll(): void {
  const tasks = waiting;
  waiting = [];
  for (const run of tasks) run();
}
