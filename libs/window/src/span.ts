/**
 * open: takes ticks. final: published, the lane clock is past its end + lateness. dirty: a tick fell into it since.
 * settled: its symbol's newest event time is past its end + lateness; it can get no tick any more.
 */
export type SpanPhase = 'open' | 'final' | 'dirty' | 'settled';

/** A window or a bar, [startUs, endUs), as far as its publications go. Windows and bars add what they sum up. */
export interface Span {
  /** Which of the symbol's series it belongs to, an index: the only one for windows, one per interval for bars. */
  readonly series: number;
  readonly startUs: number;
  readonly endUs: number;
  phase: SpanPhase;
  /** Of the last publication; -1 before the first. */
  revision: number;
  /** The lane clock at the last publication; NaN before the first. */
  publishedAtUs: number;
}

/** The unsettled spans of one symbol. A symbol's state extends it. */
export interface SymbolSpans<S extends Span> {
  /** The symbol's newest accepted event time; the layer raises it with every accepted tick. */
  newestUs: number;
  /** Per series the unsettled spans, by end. */
  readonly series: readonly S[][];
  /** End + lateness of the earliest unsettled span; Infinity without one. Kept by the `RevisionBook`. */
  nextSettleUs: number;
}

/** Where in `spans`, ordered by end, the first one stands that ends at or after `endUs`. */
export function lowerBoundByEnd(spans: readonly Span[], endUs: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.endUs < endUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
