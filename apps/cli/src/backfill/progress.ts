import type { LaneObserver } from './lane-work.js';

const EVERY_MS = 5_000;

/** Says how far a backfill is, and what it is waiting for. */
export class Progress implements LaneObserver {
  readonly #began = performance.now();
  readonly #rows = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #told = '';

  constructor(
    private readonly layer: 'silver' | 'gold',
    private readonly say: (line: string) => void,
  ) {
    this.#timer = setInterval(() => {
      this.say(this.summary());
    }, EVERY_MS).unref();
  }

  published(table: string, rows: number): void {
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows);
  }

  /** Once for each reason: it may go on for hours. */
  retrying(what: string): void {
    if (what !== this.#told) this.say(`Waiting: ${what}`);
    this.#told = what;
  }

  summary(): string {
    const seconds = (performance.now() - this.#began) / 1000;
    const rows = [...this.#rows].map(([table, count]) => `${table} ${count.toLocaleString('en-US')}`);
    return `${this.layer} computed anew: ${rows.join(', ') || 'no rows'} rows in ${seconds.toFixed(1)} s`;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
