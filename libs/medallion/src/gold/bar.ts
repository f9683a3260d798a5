import type { BarInterval, Span } from '@engine/window';

import type { Kinds } from '../snapshot/fields.js';
import { float } from '../snapshot/fields.js';
import { spanKinds } from '../snapshot/spans.js';
import type { SilverTicks } from '../ticks.js';
import type { GoldSymbol } from './symbol.js';
import type { Traded } from './traded.js';
import { addTrade, tradedKinds } from './traded.js';

/** A bar of one symbol that holds a tick, not settled yet. Refers to its symbol, otherwise plain data. */
export interface GoldBar extends Span, Traded {
  readonly symbol: GoldSymbol;
  readonly interval: string;
  ticks: number;
  open: number;
  openTimeUs: number;
  close: number;
  closeTimeUs: number;
  /** Lowest and highest lane offset among its ticks; offsets come in rising order. */
  readonly firstOffset: number;
  lastOffset: number;
  /** Whether it got ticks since it was shown last. */
  touched: boolean;
}

/** Of a bar as a snapshot keeps it. The series says the interval; nobody knows after a restart what was shown. */
export type KeptBar = Omit<GoldBar, 'symbol' | 'interval' | 'touched'>;

export const barKinds: Kinds<KeptBar> = {
  ...spanKinds,
  ...tradedKinds,
  ticks: float,
  open: float,
  openTimeUs: float,
  close: float,
  closeTimeUs: float,
  firstOffset: float,
  lastOffset: float,
};

/** Which bar of a symbol: the one of the series that starts at `startUs`. */
export interface BarPlace {
  readonly series: number;
  readonly interval: BarInterval;
  readonly startUs: number;
}

/** A bar without its first tick yet, which stands at `firstOffset`. One flat literal: there are very many. */
export function newBar(
  symbol: GoldSymbol,
  { series, interval, startUs }: BarPlace,
  firstOffset: number,
): GoldBar {
  return {
    series,
    startUs,
    endUs: startUs + interval.sizeUs,
    phase: 'open',
    revision: -1,
    publishedAtUs: NaN,
    high: -Infinity,
    low: Infinity,
    sized: false,
    volume: 0,
    volumeLost: 0,
    turnover: 0,
    turnoverLost: 0,
    symbol,
    interval: interval.name,
    ticks: 0,
    open: NaN,
    openTimeUs: Infinity,
    close: NaN,
    closeTimeUs: -Infinity,
    firstOffset,
    lastOffset: firstOffset,
    touched: false,
  };
}

/** Ticks come in lane order: of those of one time the first that comes is the earlier one. */
export function addToBar(bar: GoldBar, ticks: SilverTicks, at: number): void {
  const eventTimeUs = ticks.eventTimeUs[at]!;
  const price = ticks.price[at]!;
  if (eventTimeUs < bar.openTimeUs) {
    bar.openTimeUs = eventTimeUs;
    bar.open = price;
  }
  if (eventTimeUs >= bar.closeTimeUs) {
    bar.closeTimeUs = eventTimeUs;
    bar.close = price;
  }
  bar.ticks += 1;
  bar.lastOffset = ticks.laneOffset[at]!;
  bar.touched = true;
  addTrade(bar, price, ticks.size[at] ?? null);
}
