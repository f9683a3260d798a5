/** What comes in one burst is shown together. */
const BURST_MS = 8;
/** Bursts follow one another faster than this: what is due waits so long for the next, and costs no frame of its own. */
const NEXT_BURST_MS = 350;

interface Waiting {
  readonly task: () => void;
  readonly dueMs: number;
}

let waiting: Waiting[] = [];
let timer: number | undefined;
let fires = Infinity;

/**
 * Runs the task, with all others that wait, when a burst of events is over. Not before a frame (`requestAnimationFrame`):
 * there the chart would plan its own drawing for the frame after, and each update would cost two. A page out of sight
 * paints no frame, and goes on as well.
 */
export function soon(task: () => void): void {
  waiting.push({ task, dueMs: 0 });
  fireBy(performance.now() + BURST_MS);
}

/** Schedules for a list that is read, not watched: at most so often, and then with all that came. */
export function atMostEvery(ms: number): (task: () => void) => void {
  let earliest = 0;
  return (task) => {
    const run = (): void => {
      earliest = performance.now() + ms;
      task();
    };
    waiting.push({ task: run, dueMs: earliest });
    fireBy(Math.max(performance.now(), earliest) + NEXT_BURST_MS);
  };
}

/** Shows at once whatever waits: who stops the picture must not see it move after that. */
export function settle(): void {
  const due = waiting;
  waiting = [];
  window.clearTimeout(timer);
  fires = Infinity;
  for (const { task } of due) task();
}

function fireBy(timeMs: number): void {
  if (timeMs >= fires) return;
  window.clearTimeout(timer);
  fires = timeMs;
  timer = window.setTimeout(runDue, timeMs - performance.now());
}

function runDue(): void {
  fires = Infinity;
  const nowMs = performance.now();
  const due = waiting.filter(({ dueMs }) => dueMs <= nowMs);
  waiting = waiting.filter(({ dueMs }) => dueMs > nowMs);
  for (const { dueMs } of waiting) fireBy(dueMs + NEXT_BURST_MS);
  for (const { task } of due) task();
}
