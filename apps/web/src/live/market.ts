import type { Metrics, MetricsEvent, PipelineReport, SymbolQuote } from '@engine/contracts/api';
import { getJson } from '../api/get-json.js';
import { getList } from '../api/get-list.js';
import { FrameBatch } from '../core/frame-batch.js';
import { mergeMetrics, updateMetrics } from '../core/latest-metrics.js';
import type { LatestMetrics } from '../core/latest-metrics.js';
import { applyMetrics, applyTrends, mergeQuotes } from '../core/quotes.js';
import type { Quotes } from '../core/quotes.js';
import { atMostEvery, soon } from './soon.js';
import { Resource } from './resource.js';
import type { Reloadable } from './resource.js';

/** A table of averages, and lines of a point a second at most: the prices themselves move with every event. */
const SLOW_MS = 1_000;

/** What concerns all symbols: quotes, metrics, and the pipeline itself. */
export class Market {
  readonly quotes = new Resource<Quotes, readonly SymbolQuote[]>({
    initial: new Map(),
    load: (signal) => getList('/api/symbols', signal),
    merge: mergeQuotes,
  });
  readonly metrics = new Resource<LatestMetrics, readonly Metrics[]>({
    initial: new Map(),
    load: (signal) => getList('/api/metrics', signal),
    merge: mergeMetrics,
  });
  readonly pipeline = new Resource<PipelineReport | undefined, PipelineReport>({
    initial: undefined,
    load: (signal) => getJson('/api/pipeline', signal),
    merge: (_, loaded) => loaded,
  });
  /** Symbols that events told of before any list. Each is looked for once; after that the usual round finds it. */
  readonly #askedFor = new Set<string>();
  readonly #news = new FrameBatch<MetricsEvent>(
    ({ symbol }) => symbol,
    (events) => this.#apply(events),
    soon,
  );
  readonly #slowNews = new FrameBatch<MetricsEvent>(
    // No second is left out of a trend, however late it is drawn.
    ({ symbol, as_of }) => `${symbol} ${Math.floor(Date.parse(as_of) / 1_000)}`,
    (events) => {
      this.metrics.apply((metrics) => updateMetrics(metrics, events));
      this.quotes.apply((quotes) => applyTrends(quotes, events));
    },
    atMostEvery(SLOW_MS),
  );

  get resources(): readonly Reloadable[] {
    return [this.quotes, this.metrics, this.pipeline];
  }

  hear(event: MetricsEvent): void {
    this.#news.add(event);
    this.#slowNews.add(event);
  }

  #apply(events: readonly MetricsEvent[]): void {
    this.quotes.apply((quotes) => applyMetrics(quotes, events));
    for (const { symbol } of events) {
      if (this.quotes.value.has(symbol) || this.#askedFor.has(symbol)) continue;
      this.#askedFor.add(symbol);
      void this.quotes.refresh();
    }
  }
}
