import type { SymbolSpans } from '@engine/window';

import type { SilverTicks } from '../ticks.js';
import type { GoldBar } from './bar.js';
import type { Day } from './day.js';
import { addToDay, dayAt, isOver } from './day.js';
import type { RunningMean } from './running-mean.js';
import { addToMean, emptyMean } from './running-mean.js';

/** What gold knows of one symbol: its unsettled bars, one series per interval, and its metrics. Plain data. */
export interface GoldSymbol extends SymbolSpans<GoldBar> {
  readonly name: string;
  /** All since the first tick. */
  ticks: number;
  /** Of the ticks in order. */
  lastPrice: number | null;
  readonly sma: RunningMean;
  readonly volatility: RunningMean;
  /** Of the newest accepted tick. */
  day: Day;
  /** Whether its metrics moved since they were shown last, and from which time on its bars did (else Infinity). */
  touched: boolean;
  barsTouchedFromUs: number;
}

export function newGoldSymbol(name: string, intervals: number): GoldSymbol {
  return {
    newestUs: -Infinity,
    series: Array.from({ length: intervals }, () => []),
    nextSettleUs: Infinity,
    name,
    ticks: 0,
    lastPrice: null,
    sma: emptyMean(),
    volatility: emptyMean(),
    day: dayAt(0),
    touched: false,
    barsTouchedFromUs: Infinity,
  };
}

/** Raises the symbol's newest time and moves its metrics on. */
export function addToSymbol(symbol: GoldSymbol, ticks: SilverTicks, at: number): void {
  const eventTimeUs = ticks.eventTimeUs[at]!;
  if (eventTimeUs > symbol.newestUs) symbol.newestUs = eventTimeUs;
  if (eventTimeUs < symbol.barsTouchedFromUs) symbol.barsTouchedFromUs = eventTimeUs;
  symbol.touched = true;
  symbol.ticks += 1;
  if (ticks.inOrder[at]!) addInOrder(symbol, ticks, at);
  if (isOver(symbol.day, eventTimeUs)) symbol.day = dayAt(eventTimeUs);
  addToDay(symbol.day, ticks, at);
}

function addInOrder(symbol: GoldSymbol, ticks: SilverTicks, at: number): void {
  symbol.lastPrice = ticks.price[at]!;
  const sma = ticks.sma[at] ?? null;
  const volatility = ticks.volatility[at] ?? null;
  if (sma !== null) addToMean(symbol.sma, sma);
  if (volatility !== null) addToMean(symbol.volatility, volatility);
}
