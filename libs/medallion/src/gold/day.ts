import { DAY_US } from '@engine/window';

import type { Kinds } from '../snapshot/fields.js';
import { float } from '../snapshot/fields.js';
import type { SilverTicks } from '../ticks.js';
import type { Sum } from './sum.js';
import { addTo, emptySum, totalOf } from './sum.js';
import type { Traded } from './traded.js';
import { addTrade, tradedKinds } from './traded.js';

/** The figures of one symbol's UTC day, [startUs, startUs + 24 h). Plain data. */
export interface Day extends Traded {
  readonly startUs: number;
  /** Ticks in order, which the return and the drawdown are of. */
  inOrder: number;
  /** Of the log returns between them. */
  readonly squares: Sum;
  /** The highest price among them. */
  peak: number;
  maxDrawdown: number;
}

/** The sum is kept beside them. */
export const dayKinds: Kinds<Omit<Day, 'squares'>> = {
  ...tradedKinds,
  startUs: float,
  inOrder: float,
  peak: float,
  maxDrawdown: float,
};

/** The day that holds the instant, without a tick. */
export function dayAt(instantUs: number): Day {
  const startUs = Math.floor(instantUs / DAY_US) * DAY_US;
  return {
    startUs,
    high: -Infinity,
    low: Infinity,
    sized: false,
    volume: 0,
    volumeLost: 0,
    turnover: 0,
    turnoverLost: 0,
    inOrder: 0,
    squares: emptySum(),
    peak: -Infinity,
    maxDrawdown: 0,
  };
}

export function isOver(day: Day, instantUs: number): boolean {
  return instantUs >= day.startUs + DAY_US;
}

/** A tick of the day or of one before, which does not count. */
export function addToDay(day: Day, ticks: SilverTicks, at: number): void {
  if (ticks.eventTimeUs[at]! < day.startUs) return;
  addTrade(day, ticks.price[at]!, ticks.size[at] ?? null);
  if (ticks.inOrder[at]!) addInOrder(day, ticks.price[at]!, ticks.logReturn[at] ?? null);
}

function addInOrder(day: Day, price: number, logReturn: number | null): void {
  // The return of the day's first tick began on another day.
  if (day.inOrder > 0 && logReturn !== null) addTo(day.squares, logReturn * logReturn);
  day.inOrder += 1;
  if (price > day.peak) day.peak = price;
  day.maxDrawdown = Math.min(day.maxDrawdown, price / day.peak - 1);
}

/** sqrt(Σ r²) of the log returns between the day's ticks in order (Andersen-Bollerslev); null below two ticks. */
export function realizedVolatilityOf(day: Day): number | null {
  return day.inOrder < 2 ? null : Math.sqrt(totalOf(day.squares));
}

/** The lowest of price / running highest - 1 over the day's ticks in order, 0 or below; null without one. */
export function maxDrawdownOf(day: Day): number | null {
  return day.inOrder < 1 ? null : day.maxDrawdown;
}
