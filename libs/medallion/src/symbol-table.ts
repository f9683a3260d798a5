import { DAY_US } from '@engine/window';

export interface SymbolBounds {
  readonly maxSymbols: number;
  readonly allowedLatenessUs: number;
}

/** What a table knows beside its symbols. */
export interface SymbolTableSnapshot {
  readonly horizonUs: number;
  readonly nextLetGoUs: number;
}

/** Called for a symbol that is let go: its state is forgotten after the call. */
export type LetGo<S> = (symbol: string, state: S) => void;

/**
 * The symbols of a lane, at most `maxSymbols`. When it is full and a new one comes, those silent for 24 h of lane time are
 * let go: newest accepted event time + 24 h + lateness <= clock, so that all their windows and bars (at most a day long) are closed.
 *
 * It changes only when a tick is accepted, so silver and gold, which see the same accepted ticks and markers, hold the same
 * symbols at every coordinate of the lane. Per accepted tick of a symbol that `get` does not know: `admit`, with the lane's
 * clock **before** the tick.
 */
export class SymbolTable<S extends { readonly newestUs: number }> {
  readonly #states = new Map<string, S>();
  readonly #silenceUs: number;
  #horizonUs = -Infinity;
  /** No symbol can be let go before the clock is here: a state's `newestUs` only rises. */
  #nextLetGoUs = -Infinity;

  constructor(private readonly bounds: SymbolBounds) {
    this.#silenceUs = DAY_US + bounds.allowedLatenessUs;
  }

  get size(): number {
    return this.#states.size;
  }

  /**
   * A tick of a symbol not in the table is late below this event time: the symbol may be one that was let go, whose bars
   * were published up to here. -Infinity while none was let go.
   */
  get horizonUs(): number {
    return this.#horizonUs;
  }

  get(symbol: string): S | undefined {
    return this.#states.get(symbol);
  }

  /** In the order they were taken up. */
  values(): IterableIterator<S> {
    return this.#states.values();
  }

  /** Whether there is room for a new symbol, or room could be made. Changes nothing that shows. */
  hasRoom(clockUs: number): boolean {
    if (this.#states.size < this.bounds.maxSymbols) return true;
    if (clockUs < this.#nextLetGoUs) return false;
    this.#nextLetGoUs = this.#earliestLetGoUs();
    return clockUs >= this.#nextLetGoUs;
  }

  /** Takes up a new symbol; when full, first lets go every silent one. `clockUs`: before the tick at hand. */
  admit(symbol: string, state: S, clockUs: number, letGo: LetGo<S>): void {
    if (this.#states.size >= this.bounds.maxSymbols) this.#letSilentGo(clockUs, letGo);
    this.#states.set(symbol, state);
  }

  /** The symbols are to be kept beside it, in the order of `values`. */
  snapshot(): SymbolTableSnapshot {
    return { horizonUs: this.#horizonUs, nextLetGoUs: this.#nextLetGoUs };
  }

  /** Takes over a snapshot and its symbols, in their order; to be called on a new table of the same bounds. */
  restore(snapshot: SymbolTableSnapshot, symbols: Iterable<readonly [name: string, state: S]>): this {
    this.#horizonUs = snapshot.horizonUs;
    this.#nextLetGoUs = snapshot.nextLetGoUs;
    for (const [name, state] of symbols) this.#states.set(name, state);
    return this;
  }

  #letSilentGo(clockUs: number, letGo: LetGo<S>): void {
    for (const [symbol, state] of this.#states) {
      if (state.newestUs + this.#silenceUs > clockUs) continue;
      this.#states.delete(symbol);
      letGo(symbol, state);
      this.#horizonUs = clockUs - this.bounds.allowedLatenessUs;
    }
  }

  #earliestLetGoUs(): number {
    let earliest = Infinity;
    for (const { newestUs } of this.#states.values())
      earliest = Math.min(earliest, newestUs + this.#silenceUs);
    return earliest;
  }
}
