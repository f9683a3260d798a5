import type { BronzeTicks, SilverMessage, SilverTicks } from '../ticks.js';
import type { Features } from './features.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K] };

/** Accepted ticks on their way to gold, collected column by column. */
export class Emission {
  readonly #messages: SilverMessage[] = [];
  #ticks = noTicks();
  #symbolIds = new Map<string, number>();

  /** A tick that was accepted; `at` is its index in the record at `laneOffset`. */
  tick(laneOffset: number, ticks: BronzeTicks, at: number, features: Features): void {
    const columns = this.#ticks;
    columns.n += 1;
    columns.symbol.push(this.#symbolId(ticks.symbols[ticks.symbol[at]!]!));
    columns.eventTimeUs.push(ticks.eventTimeUs[at]!);
    columns.price.push(ticks.price[at]!);
    columns.size.push(ticks.size[at] ?? null);
    columns.inOrder.push(features.inOrder === true);
    columns.sma.push(features.sma);
    columns.volatility.push(features.volatility);
    columns.logReturn.push(features.logReturn);
    columns.laneOffset.push(laneOffset);
    columns.laneIndex.push(at);
    columns.recordTimeUs.push(ticks.recordTimeUs[at]!);
  }

  marker(laneOffset: number, markerUs: number): void {
    this.#cut();
    this.#messages.push({ kind: 'marker', markerUs, laneOffset, laneIndex: 0 });
  }

  take(): readonly SilverMessage[] {
    this.#cut();
    return this.#messages;
  }

  #symbolId(symbol: string): number {
    let id = this.#symbolIds.get(symbol);
    if (id === undefined) {
      id = this.#ticks.symbols.push(symbol) - 1;
      this.#symbolIds.set(symbol, id);
    }
    return id;
  }

  #cut(): void {
    if (this.#ticks.n === 0) return;
    this.#messages.push({ kind: 'ticks', ticks: this.#ticks });
    this.#ticks = noTicks();
    this.#symbolIds = new Map();
  }
}

function noTicks(): Mutable<SilverTicks> {
  return {
    n: 0,
    symbols: [],
    symbol: [],
    eventTimeUs: [],
    price: [],
    size: [],
    inOrder: [],
    sma: [],
    volatility: [],
    logReturn: [],
    laneOffset: [],
    laneIndex: [],
    recordTimeUs: [],
  };
}
