import { requestQueuePrototype } from './kafkajs-internals.js';

/** What `scheduleCheckPendingRequests` works on. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
}

const recheckMs = 10;

/**
 * Has kafkajs look again at its queue only while something waits in it.
 *
 * Its own method sets a timer after every request, and each run of the timer sets the next, with a delay that is negative
 * unless the broker throttles: once a millisecond for ever and on every connection, 4 % of a core while idle, and a
 * warning on Node.js 24. With an empty queue there is nothing to look at: the next `push` looks for itself.
 */
export function stopIdleTimer(): void {
  requestQueuePrototype['scheduleCheckPendingRequests'] = scheduleCheckPendingRequests;
}

function scheduleCheckPendingRequests(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
  const throttledMs = this.throttledUntil - Date.now();
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    },
    throttledMs > 0 ? throttledMs : recheckMs,
  );
}
