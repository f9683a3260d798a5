import type { Metrics, MetricsEvent, PipelineReport, SymbolQuote } from '@engine/contracts/api';
import { getJson } from '../api/get-json.js';
import { getList } from '../api/get-list.js';
import { FrameBatch } from '../core/frame-batch.js';
import { mergeMetrics, updateMetrics } from '../core/latest-metrics.js';
import type { LatestMetrics } from '../core/latest-metrics.js';
import { applyMetrics, mergeQuotes } from '../core/quotes.js';
import type { Quotes } from '../core/quotes.js';
import { soon } from './soon.js';
import { Resource } from './resource.js';
import type { Reloadable } from './resource.js';

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

  get resources(): readonly Reloadable[] {
    return [this.quotes, this.metrics, this.pipeline];
  }

  reload(): void {
    for (const resource of this.resources) void resource.reload();
  }

  hear(event: MetricsEvent): void {
    this.#news.add(event);
  }

  #apply(events: readonly MetricsEvent[]): void {
    this.metrics.apply((metrics) => updateMetrics(metrics, events));
    this.quotes.apply((quotes) => applyMetrics(quotes, events));
    for (const { symbol } of events) {
      if (this.quotes.value.has(symbol) || this.#askedFor.has(symbol)) continue;
      this.#askedFor.add(symbol);
      void this.quotes.refresh();
    }
  }
}
