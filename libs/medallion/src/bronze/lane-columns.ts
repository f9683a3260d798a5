import type { BronzeTicks, Side } from '../ticks.js';
import type { TickSlot } from './tick.js';

/** Where a tick stands in `stock-ticks`, and when the log took it. */
export interface TickOrigin {
  readonly partition: number;
  readonly offset: number;
  readonly timeMs: number;
}

/** Collects the accepted ticks of one lane, column by column. */
export class LaneColumns {
  readonly #symbols = new Dictionary();
  readonly #sources = new Dictionary();
  readonly #symbol: number[] = [];
  readonly #eventTimeUs: number[] = [];
  readonly #price: number[] = [];
  readonly #size: (number | null)[] = [];
  readonly #side: (Side | null)[] = [];
  readonly #tradeId: (string | null)[] = [];
  readonly #source: number[] = [];
  readonly #originPartition: number[] = [];
  readonly #originOffset: number[] = [];
  readonly #originIndex: number[] = [];
  readonly #recordTimeUs: number[] = [];

  push(tick: TickSlot, origin: TickOrigin, index: number): void {
    this.#symbol.push(this.#symbols.indexOf(tick.symbol));
    this.#eventTimeUs.push(tick.eventTimeUs);
    this.#price.push(tick.price);
    this.#size.push(tick.size);
    this.#side.push(tick.side);
    this.#tradeId.push(tick.tradeId);
    this.#source.push(this.#sources.indexOf(tick.source));
    this.#originPartition.push(origin.partition);
    this.#originOffset.push(origin.offset);
    this.#originIndex.push(index);
    this.#recordTimeUs.push(origin.timeMs * 1000);
  }

  toTicks(): BronzeTicks {
    return {
      n: this.#symbol.length,
      symbols: this.#symbols.entries,
      symbol: this.#symbol,
      eventTimeUs: this.#eventTimeUs,
      price: this.#price,
      size: this.#size,
      side: this.#side,
      tradeId: this.#tradeId,
      sources: this.#sources.entries,
      source: this.#source,
      originPartition: this.#originPartition,
      originOffset: this.#originOffset,
      originIndex: this.#originIndex,
      recordTimeUs: this.#recordTimeUs,
    };
  }
}

class Dictionary {
  readonly entries: string[] = [];
  readonly #indexes = new Map<string, number>();

  indexOf(text: string): number {
    let index = this.#indexes.get(text);
    if (index === undefined) {
      index = this.entries.push(text) - 1;
      this.#indexes.set(text, index);
    }
    return index;
  }
}
