import type { Bar, Tick, TickEvent } from '@engine/contracts/api';
import { BarPages } from '../api/bar-pages.js';
import { newestTicks } from '../api/newest-ticks.js';
import { FrameBatch } from '../core/frame-batch.js';
import { mergeTicks, tickKey } from '../core/newest-ticks.js';
import { BarHistory } from './bar-history.js';
import { atMostEvery, soon } from './soon.js';
import { Resource } from './resource.js';
import type { Reloadable } from './resource.js';

/** Rows that move on faster cannot be read. */
const TICKS_MS = 500;

/** One symbol at one interval: its bars and its last ticks. */
export class Instrument {
  readonly history: BarHistory;
  readonly ticks: Resource<readonly Tick[]>;
  readonly #bars = new FrameBatch<Bar>(
    ({ start }) => start,
    (bars) => this.history.add(bars),
    soon,
  );
  readonly #ticks = new FrameBatch<Tick>(
    tickKey,
    (news) => this.ticks.apply((ticks) => mergeTicks(ticks, news)),
    atMostEvery(TICKS_MS),
  );

  constructor(
    readonly symbol: string,
    readonly interval: string,
  ) {
    this.history = new BarHistory(new BarPages(symbol, interval));
    this.ticks = new Resource({
      initial: [],
      load: (signal) => newestTicks(symbol, signal),
      merge: mergeTicks,
    });
  }

  get resources(): readonly Reloadable[] {
    return [this.history.shown, this.ticks];
  }

  reload(): void {
    for (const resource of this.resources) void resource.reload();
  }

  hearBar(bar: Bar): void {
    if (bar.symbol === this.symbol && bar.interval === this.interval) this.#bars.add(bar);
  }

  hearTicks({ symbol, ticks }: TickEvent): void {
    if (symbol === this.symbol) for (const tick of ticks) this.#ticks.add(tick);
  }

  stop(): void {
    this.history.stop();
    this.ticks.stop();
  }
}
