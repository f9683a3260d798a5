import type { RevisionBook, Span, SpanPhase, SymbolSpans } from '@engine/window';

import type { Columns, Kinds } from './fields.js';
import { float, int32, oneOf, packFields, unpackFields } from './fields.js';

export const spanKinds: Kinds<Span> = {
  series: int32,
  startUs: float,
  endUs: float,
  phase: oneOf<SpanPhase>({ open: 0, final: 1, dirty: 2, settled: 3 }),
  revision: int32,
  publishedAtUs: float,
};

/** The unsettled spans of a lane, in the order of `RevisionBook.unsettled`. */
export interface SpanColumns<Kept> {
  /** The place of the span's symbol in the symbol table. */
  readonly symbol: Uint32Array;
  readonly fields: Columns<Kept>;
}

/** A span that knows its symbol. */
export interface SpanOf<Symbol> extends Span {
  readonly symbol: Symbol;
}

/** Copies the spans of the symbols, given in the order of the symbol table. */
export function packSpans<Y extends SymbolSpans<S>, S extends SpanOf<Y> & Kept, Kept extends object>(
  kinds: Kinds<Kept>,
  book: RevisionBook<S>,
  symbols: readonly Y[],
): SpanColumns<Kept> {
  const places = new Map(symbols.map((symbol, place) => [symbol, place]));
  const spans = book.unsettled(symbols);
  return {
    symbol: Uint32Array.from(spans, ({ symbol }) => places.get(symbol)!),
    fields: packFields<Kept>(kinds, spans),
  };
}

/** Makes the spans anew and puts them into the book and the symbols. `blank`: the span at a place of the columns, whose kept fields are then set. */
export function unpackSpans<Y extends SymbolSpans<S>, S extends SpanOf<Y> & Kept, Kept extends object>(
  kinds: Kinds<Kept>,
  { symbol, fields }: SpanColumns<Kept>,
  into: { readonly book: RevisionBook<S>; readonly symbols: readonly Y[] },
  blank: (symbol: Y, at: number) => S,
): void {
  const spans = Array.from(symbol, (place, at) => blank(into.symbols[place]!, at));
  unpackFields<Kept>(kinds, fields, spans);
  for (const span of spans) into.book.putBack(span.symbol, span);
}
