import type { SimProcess } from './sim-process.js';

/** Something that happens at a time, to a process or (null) to the world around them. */
export interface SimEvent {
  readonly dueMs: number;
  readonly process: SimProcess | null;
  readonly label: string;
  readonly fire: () => void | Promise<void>;
  isCancelled?: boolean;
}

/** What is going to happen, in the order of its time; at one time in the order in which it was put in. */
export class EventQueue {
  #events: SimEvent[] = [];

  push(event: SimEvent): void {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#events[middle]!.dueMs <= event.dueMs) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
  }

  /** Takes what happens next, if it happens by then. */
  shift(untilMs: number): SimEvent | undefined {
    const next = this.#events[0];
    return next !== undefined && next.dueMs <= untilMs ? this.#events.shift() : undefined;
  }
}
