import type { LayerName } from '@engine/medallion';

import type { LaneObserver } from './lane-work.js';

const EVERY_MS = 5_000;

/** Says how far a backfill is, and what it is waiting for. */
export class Progress implements LaneObserver {
  readonly #began = performance.now();
  readonly #rows = new Map<string, number>();
  readonly #completed: string[] = [];
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

  completed(layer: LayerName): void {
    this.#completed.push(`${layer} ${this.#time()}`);
  }

  /** Once for each reason: it may go on for hours. */
  retrying(what: string): void {
    if (what !== this.#told) this.say(`Waiting: ${what}`);
    this.#told = what;
  }

  summary(): string {
    const rows = [...this.#rows].map(([table, count]) => `${table} ${count.toLocaleString('en-US')}`);
    const completed = this.#completed.length === 0 ? '' : ` (complete: ${this.#completed.join(', ')})`;
    return `${this.layer} computed anew: ${rows.join(', ') || 'no rows'} rows in ${this.#time()}${completed}`;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #time(): string {
    return `${((performance.now() - this.#began) / 1000).toFixed(1)} s`;
  }
}
