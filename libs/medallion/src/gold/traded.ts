import type { Kinds } from '../snapshot/fields.js';
import { flag, float } from '../snapshot/fields.js';
import { lostBy } from './sum.js';

/**
 * What was traded in some stretch: the range of its prices, how much, and for how much money. Flat, since there are very many:
 * `volume` and `turnover` each have beside them what rounding took from them (sum.ts).
 */
export interface Traded {
  high: number;
  low: number;
  /** Whether any tick had a size. */
  sized: boolean;
  volume: number;
  volumeLost: number;
  turnover: number;
  turnoverLost: number;
}

export const tradedKinds: Kinds<Traded> = {
  high: float,
  low: float,
  sized: flag,
  volume: float,
  volumeLost: float,
  turnover: float,
  turnoverLost: float,
};

export function addTrade(traded: Traded, price: number, size: number | null): void {
  if (price > traded.high) traded.high = price;
  if (price < traded.low) traded.low = price;
  if (size === null) return;
  traded.sized = true;
  const { volume, turnover } = traded;
  traded.volume = volume + size;
  traded.volumeLost += lostBy(volume, size, traded.volume);
  traded.turnover = turnover + price * size;
  traded.turnoverLost += lostBy(turnover, price * size, traded.turnover);
}

/** Σ sizes; null if no tick had one. */
export function volumeOf(traded: Traded): number | null {
  return traded.sized ? traded.volume + traded.volumeLost : null;
}

/** Σpq/Σq over the ticks with a size; null if Σq is 0 or unknown. */
export function vwapOf(traded: Traded): number | null {
  const volume = traded.volume + traded.volumeLost;
  if (volume === 0) return null;
  // A mean lies within its values; rounding must not put it outside.
  const mean = (traded.turnover + traded.turnoverLost) / volume;
  return Math.min(traded.high, Math.max(traded.low, mean));
}
