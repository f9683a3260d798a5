import type { BronzeTicks } from '../ticks.js';
import type { RecentKeysSnapshot } from './recent-keys.js';
import { RecentKeys } from './recent-keys.js';

/** What is remembered of one source: ids, or contents. */
export interface SourceTrades extends RecentKeysSnapshot {
  readonly source: string;
  readonly contents: boolean;
}

/**
 * The trades of one symbol that a tick may repeat, per source. A trade is known by its id alone. Without an id it is known
 * by nothing (content is not identity), unless `byContent` takes (event time, price, size) for it.
 */
export class SeenTrades {
  readonly #ids = new Map<string, RecentKeys>();
  readonly #contents = new Map<string, RecentKeys>();

  constructor(private readonly byContent: boolean) {}

  /** Whether the tick repeats one whose event time is at or after `sinceUs`. */
  has(ticks: BronzeTicks, at: number, sinceUs: number): boolean {
    const source = ticks.sources[ticks.source[at]!]!;
    const id = ticks.tradeId[at] ?? null;
    if (id !== null) return this.#ids.get(source)?.has(id, sinceUs) ?? false;
    return this.byContent && (this.#contents.get(source)?.has(contentOf(ticks, at), sinceUs) ?? false);
  }

  /** Remembers an accepted tick; forgets what lies before `sinceUs`. */
  add(ticks: BronzeTicks, at: number, sinceUs: number): void {
    const source = ticks.sources[ticks.source[at]!]!;
    const id = ticks.tradeId[at] ?? null;
    if (id !== null) keysOf(this.#ids, source).add(id, ticks.eventTimeUs[at]!, sinceUs);
    else if (this.byContent)
      keysOf(this.#contents, source).add(contentOf(ticks, at), ticks.eventTimeUs[at]!, sinceUs);
  }

  snapshot(): readonly SourceTrades[] {
    const ofIds = [...this.#ids].map(([source, keys]) => ({ source, contents: false, ...keys.snapshot() }));
    const ofContents = [...this.#contents].map(([source, keys]) => ({
      source,
      contents: true,
      ...keys.snapshot(),
    }));
    return [...ofIds, ...ofContents];
  }

  static restore(byContent: boolean, snapshot: readonly SourceTrades[]): SeenTrades {
    const trades = new SeenTrades(byContent);
    for (const { source, contents, keys, times } of snapshot)
      (contents ? trades.#contents : trades.#ids).set(source, RecentKeys.restore({ keys, times }));
    return trades;
  }
}

function contentOf(ticks: BronzeTicks, at: number): string {
  return `${ticks.eventTimeUs[at]!} ${ticks.price[at]!} ${ticks.size[at] ?? ''}`;
}

function keysOf(sources: Map<string, RecentKeys>, source: string): RecentKeys {
  let keys = sources.get(source);
  if (keys === undefined) sources.set(source, (keys = new RecentKeys()));
  return keys;
}
