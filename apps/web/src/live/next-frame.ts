/** A page out of sight paints no frames; then a second is soon enough. */
const HIDDEN_MS = 1_000;

/** Runs the task before the next frame is painted, or after a second where none is. */
export function nextFrame(task: () => void): void {
  let isDone = false;
  const once = (): void => {
    if (isDone) return;
    isDone = true;
    task();
  };
  requestAnimationFrame(once);
  window.setTimeout(once, HIDDEN_MS);
}
