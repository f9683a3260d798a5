import type { GoldUpdate } from '@engine/medallion';
import type { StreamQuery } from './stream-query.dto.js';

/** Which updates a client wants. */
export class Subscription {
  readonly #symbols: ReadonlySet<string> | undefined;
  readonly #intervals: ReadonlySet<string>;
  readonly #ticks: ReadonlySet<string>;

  constructor({ symbols, intervals, ticks }: StreamQuery) {
    this.#symbols = symbols === undefined ? undefined : new Set(symbols);
    this.#intervals = new Set(intervals);
    this.#ticks = new Set(ticks);
  }

  wants(update: GoldUpdate): boolean {
    if (this.#symbols?.has(update.symbol) === false) return false;
    return update.type === 'metrics' || this.#intervals.has(update.interval);
  }

  wantsTicks(symbol: string): boolean {
    return this.#ticks.has(symbol);
  }
}
