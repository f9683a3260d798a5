import { IntervalsParameter, Optional, SymbolsParameter } from '../http/parameters.js';

/** What a client wants to be told. */
export class StreamQuery {
  /** Of which symbols; without it of all. */
  @Optional()
  @SymbolsParameter(100)
  symbols?: readonly string[];

  /** Bars of which intervals; without it none. */
  @Optional()
  @IntervalsParameter(20)
  intervals: readonly string[] = [];

  /** Ticks of which symbols; without it none. */
  @Optional()
  @SymbolsParameter(5)
  ticks: readonly string[] = [];
}
