import type { BarUpdate, GoldUpdate, MetricsUpdate } from '@engine/medallion';
import { parseBarInterval } from '@engine/window';
import { isAtLeastAsNew, LiveBar } from './live-bar.js';

const NONE: ReadonlyMap<number, LiveBar> = new Map();

/**
 * What gold's updates say that is not in the lake yet: open bars, revisions of closed ones until their segment is
 * published, and the newest metrics. Of a key, the update based on the highest row of its lane counts.
 */
export class LiveGold {
  /** By `<symbol> <interval>`, then by start. */
  readonly #bars = new Map<string, Map<number, LiveBar>>();
  readonly #withPublished = new Set<LiveBar>();
  readonly #metrics = new Map<string, MetricsUpdate>();
  readonly #newest = new Map<string, BarUpdate>();
  readonly #sizesUs = new Map<string, number>();
  #watermarks: ReadonlyMap<number, number> = new Map();

  /** Bars with revisions that wait for their segment. */
  get waiting(): number {
    return this.#withPublished.size;
  }

  /** By symbol. */
  get metrics(): ReadonlyMap<string, MetricsUpdate> {
    return this.#metrics;
  }

  /** By symbol: its newest bar of the shortest interval, whose close is the symbol's last price. */
  get newestBars(): ReadonlyMap<string, BarUpdate> {
    return this.#newest;
  }

  /** By start. */
  bars(symbol: string, interval: string): ReadonlyMap<number, LiveBar> {
    return this.#bars.get(`${symbol} ${interval}`) ?? NONE;
  }

  apply(update: GoldUpdate, lane: number): void {
    if (update.type === 'bar') this.#applyBar(update, lane);
    else this.#applyMetrics(update);
  }

  /** `watermarks`: by lane, the clock up to which the lake holds all bars that were published before. */
  forgetPublished(watermarks: ReadonlyMap<number, number>): void {
    this.#watermarks = watermarks;
    for (const bar of this.#withPublished) this.#forget(bar);
  }

  #applyBar(update: BarUpdate, lane: number): void {
    const bar = this.#liveBar(update, lane);
    bar.apply(update);
    if (update.state !== 'provisional') {
      this.#withPublished.add(bar);
      this.#forget(bar);
    }
    const newest = this.#newest.get(update.symbol);
    if (newest === undefined || this.#isNewer(update, newest)) this.#newest.set(update.symbol, update);
  }

  #applyMetrics(update: MetricsUpdate): void {
    const known = this.#metrics.get(update.symbol);
    if (known === undefined || isAtLeastAsNew(update, known)) this.#metrics.set(update.symbol, update);
  }

  #liveBar({ symbol, interval, start }: BarUpdate, lane: number): LiveBar {
    const series = this.#bars.get(`${symbol} ${interval}`) ?? new Map<number, LiveBar>();
    this.#bars.set(`${symbol} ${interval}`, series);
    const bar = series.get(start) ?? new LiveBar(symbol, interval, start, lane);
    series.set(start, bar);
    return bar;
  }

  #forget(bar: LiveBar): void {
    bar.forgetBefore(this.#watermarks.get(bar.lane) ?? -Infinity);
    if (bar.published.size > 0) return;
    this.#withPublished.delete(bar);
    if (bar.isEmpty) this.#bars.get(`${bar.symbol} ${bar.interval}`)?.delete(bar.start);
  }

  #isNewer(update: BarUpdate, newest: BarUpdate): boolean {
    const shorter = this.#sizeUs(update.interval) - this.#sizeUs(newest.interval);
    if (shorter !== 0) return shorter < 0;
    return update.start === newest.start ? isAtLeastAsNew(update, newest) : update.start > newest.start;
  }

  #sizeUs(interval: string): number {
    const known = this.#sizesUs.get(interval);
    if (known !== undefined) return known;
    const { sizeUs } = parseBarInterval(interval);
    this.#sizesUs.set(interval, sizeUs);
    return sizeUs;
  }
}
