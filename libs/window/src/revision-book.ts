import { DueQueue } from './due-queue.js';
import { SECOND_US } from './durations.js';
import type { Span, SymbolSpans } from './span.js';
import { lowerBoundByEnd } from './span.js';

/** A dirty span is published again once the lane clock has moved this far since its last publication. */
export const REPUBLISH_AFTER_US = 10 * SECOND_US;

/** Called for each publication, in order; `span.revision` and `span.publishedAtUs` say which one it is. */
export type Publish<S extends Span> = (span: S) => void;

/**
 * When windows and bars are published, and with which revision: one book per lane, for all symbols and series.
 *
 * Per accepted tick: raise `symbol.newestUs` and the lane clock; for each span the tick falls into `find` it, then
 * `touched` if it was there, else `open` a new one; add the tick to it; at last `advance`. Per marker that raises the
 * lane's last marker: `marker`. Both publish, in an order that depends on the lane alone:
 *  1. spans that close (clock >= end + lateness), revision 0, by end, then by when they were opened;
 *  2. dirty spans that are due (10 s of lane clock after their last publication; all of them at a marker), revision + 1,
 *     by due time, then by when they became dirty;
 *  3. after a tick, the tick's symbol's dirty spans that settle (newest >= end + lateness), by series, then by end.
 * `publish` may call `touched` for other spans (a corrected bar changes the indicators of later ones), never `open`.
 *
 * Example: lateness 120 s, span [60 s, 120 s) of A, which stands still at 90 s; B moves the lane on.
 *   B at 240 s: clock 240 >= 120 + 120: revision 0.       A at 100 s: dirty (A is at 100, so its tick is not late).
 *   B at 249 s: 9 s since the publication: nothing.       B at 250 s: revision 1.       A at 110 s: dirty.
 *   A at 251 s: newest 251 >= 240: revision 2, settled: A's ticks below 131 s are late from now on.
 *   C, new, at 70 s: its span is closed already: opened and published at once, revision 0.
 */
export class RevisionBook<S extends Span> {
  readonly #closing = new DueQueue<S>();
  readonly #dirty = new DueQueue<S>();

  constructor(readonly latenessUs: number) {}

  /** The symbol's unsettled span of the series that ends at `endUs`. */
  find(symbol: SymbolSpans<S>, series: number, endUs: number): S | undefined {
    const spans = symbol.series[series]!;
    const last = spans[spans.length - 1];
    if (last === undefined || last.endUs < endUs) return undefined;
    const found = last.endUs === endUs ? last : spans[lowerBoundByEnd(spans, endUs)];
    return found?.endUs === endUs ? found : undefined;
  }

  /** Takes up a new span, whose first tick is at hand. */
  open(symbol: SymbolSpans<S>, span: S): void {
    this.#take(symbol, span);
    this.#closing.add(span.endUs + this.latenessUs, span);
  }

  /** Says that a span's values changed: a published one becomes dirty. */
  touched(span: S): void {
    if (span.phase !== 'final') return;
    span.phase = 'dirty';
    this.#awaitCorrection(span);
  }

  /** After a tick of `symbol` was applied and the lane clock moved. */
  advance(symbol: SymbolSpans<S>, clockUs: number, publish: Publish<S>): void {
    if (clockUs >= this.#closing.nextDueUs) this.#close(clockUs, publish);
    if (clockUs >= this.#dirty.nextDueUs) this.#correct(clockUs, clockUs, publish);
    if (symbol.newestUs >= symbol.nextSettleUs) this.#settle(symbol, symbol.newestUs, clockUs, publish);
  }

  /** After a marker moved the lane clock. */
  marker(clockUs: number, publish: Publish<S>): void {
    this.#close(clockUs, publish);
    this.#correct(Infinity, clockUs, publish);
  }

  /** Forgets a symbol whose spans can get no tick any more: publishes the dirty ones, settles all. */
  letGo(symbol: SymbolSpans<S>, clockUs: number, publish: Publish<S>): void {
    this.#settle(symbol, Infinity, clockUs, publish);
  }

  /**
   * The unsettled spans of all the lane's symbols, in an order that holds all the book knows beside them: the published ones,
   * then the dirty and at last the open ones as they wait. `putBack` in this order makes an equal book.
   */
  unsettled(symbols: Iterable<SymbolSpans<S>>): S[] {
    const spans: S[] = [];
    for (const { series } of symbols)
      for (const ofOne of series) for (const span of ofOne) if (span.phase === 'final') spans.push(span);
    // Settled ones may still wait; nothing comes of them.
    for (const [, waiting] of this.#dirty.entries())
      for (const span of waiting) if (span.phase === 'dirty') spans.push(span);
    for (const [, waiting] of this.#closing.entries())
      for (const span of waiting) if (span.phase === 'open') spans.push(span);
    return spans;
  }

  /** Takes up a copy of a span that `unsettled` gave, as it is; the symbol has none of its spans but those put back. */
  putBack(symbol: SymbolSpans<S>, span: S): void {
    if (span.phase === 'open') this.open(symbol, span);
    else this.#take(symbol, span);
    if (span.phase === 'dirty') this.#awaitCorrection(span);
  }

  #take(symbol: SymbolSpans<S>, span: S): void {
    const spans = symbol.series[span.series]!;
    spans.splice(lowerBoundByEnd(spans, span.endUs), 0, span);
    const settleUs = span.endUs + this.latenessUs;
    if (settleUs < symbol.nextSettleUs) symbol.nextSettleUs = settleUs;
  }

  #awaitCorrection(span: S): void {
    this.#dirty.add(span.publishedAtUs + REPUBLISH_AFTER_US, span);
  }

  #close(clockUs: number, publish: Publish<S>): void {
    for (const span of this.#closing.takeDue(clockUs))
      if (span.phase === 'open') issue(span, clockUs, publish);
  }

  #correct(untilUs: number, clockUs: number, publish: Publish<S>): void {
    // Again and again, since a publication may make later spans dirty; none of them twice, as the next due time lies ahead.
    for (let due = this.#dirty.takeDue(untilUs); due.length > 0; due = this.#dirty.takeDue(untilUs))
      for (const span of due) if (span.phase === 'dirty') issue(span, clockUs, publish);
  }

  #settle(symbol: SymbolSpans<S>, newestUs: number, clockUs: number, publish: Publish<S>): void {
    symbol.nextSettleUs = Infinity;
    for (const spans of symbol.series) {
      let settled = 0;
      while (settled < spans.length && spans[settled]!.endUs + this.latenessUs <= newestUs) {
        const span = spans[settled++]!;
        if (span.phase !== 'final') issue(span, clockUs, publish);
        span.phase = 'settled';
      }
      spans.splice(0, settled);
      if (spans.length > 0)
        symbol.nextSettleUs = Math.min(symbol.nextSettleUs, spans[0]!.endUs + this.latenessUs);
    }
  }
}

function issue<S extends Span>(span: S, clockUs: number, publish: Publish<S>): void {
  span.revision += 1;
  span.publishedAtUs = clockUs;
  span.phase = 'final';
  publish(span);
}
