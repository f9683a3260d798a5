import type { SlidingWindows, Span, SymbolSpans, TimeWindow } from '@engine/window';
import { LaneClock, OpenEnds, RevisionBook } from '@engine/window';

import { SymbolTable } from '../symbol-table.js';
import { PriceBuffer } from './price-buffer.js';
import { RecentPrices } from './recent-prices.js';
import { SeenTrades } from './seen-trades.js';
import type { SilverSettings } from './settings.js';

/** A sliding window of one symbol that holds a tick. Its value is computed from the symbol's prices when it is published. */
export interface SilverWindow extends Span {
  readonly symbol: SilverSymbol;
  /** Lowest and highest lane offset among its ticks; offsets come in rising order. */
  readonly firstOffset: number;
  lastOffset: number;
}

/** What silver knows of one symbol. */
export interface SilverSymbol extends SymbolSpans<SilverWindow> {
  readonly name: string;
  readonly recent: RecentPrices;
  readonly prices: PriceBuffer;
  readonly trades: SeenTrades;
}

/** What silver knows of one lane; changed by `apply` only. */
export interface SilverState {
  readonly clock: LaneClock;
  readonly symbols: SymbolTable<SilverSymbol>;
  readonly windows: RevisionBook<SilverWindow>;
  /** Of windows and of gold's bars. */
  readonly openEnds: OpenEnds;
}

export function initialSilverState(settings: SilverSettings, definition: SlidingWindows): SilverState {
  return {
    clock: new LaneClock(),
    symbols: new SymbolTable(settings),
    windows: new RevisionBook(settings.allowedLatenessUs),
    openEnds: new OpenEnds(definition, settings.barIntervals, settings.allowedLatenessUs),
  };
}

export function newSilverSymbol(name: string, settings: SilverSettings): SilverSymbol {
  return silverSymbol({
    name,
    recent: new RecentPrices(settings.silverRows),
    prices: new PriceBuffer(),
    trades: new SeenTrades(settings.dedupWithoutId === 'content'),
  });
}

/**
 * A symbol of these parts, without windows yet. One flat literal, as for all that is touched by every tick: objects that another
 * one is spread into share no hidden class, and each access to them is a search.
 */
export function silverSymbol(parts: Omit<SilverSymbol, keyof SymbolSpans<SilverWindow>>): SilverSymbol {
  const { name, recent, prices, trades } = parts;
  return { newestUs: -Infinity, series: [[]], nextSettleUs: Infinity, name, recent, prices, trades };
}

/** A window without its first tick yet, which stands at `firstOffset`. */
export function newSilverWindow(
  symbol: SilverSymbol,
  { startUs, endUs }: TimeWindow,
  firstOffset: number,
): SilverWindow {
  return {
    series: 0,
    startUs,
    endUs,
    phase: 'open',
    revision: -1,
    publishedAtUs: NaN,
    symbol,
    firstOffset,
    lastOffset: firstOffset,
  };
}

/** Lane time at which the next open window or bar closes, µs; null when nothing is open. */
export function nextCloseUs(state: SilverState): number | null {
  const { earliestUs } = state.openEnds;
  return earliestUs === null ? null : earliestUs + state.windows.latenessUs;
}

/**
 * Time of the marker that closes every open window and bar of the lane and has every waiting correction published, µs; null
 * when there is nothing to close or to correct.
 */
export function closingMarkerUs(state: SilverState): number | null {
  const { latestUs, closedTouched } = state.openEnds;
  if (latestUs !== null) return latestUs + state.windows.latenessUs;
  // Any marker publishes corrections, if only it is above the previous one.
  return closedTouched ? state.clock.us + 1 : null;
}
