import type { MeanAndDeviation } from '@engine/window';

import type { RecentPrices } from './recent-prices.js';

/** What silver adds to a tick; one object, filled anew for each. All null for a refused tick. */
export class Features {
  inOrder: boolean | null = null;
  logReturn: number | null = null;
  sma: number | null = null;
  volatility: number | null = null;
  readonly #figures: MeanAndDeviation = { mean: 0, deviation: null };

  clear(): void {
    this.inOrder = null;
    this.logReturn = null;
    this.sma = null;
    this.volatility = null;
  }

  /** An accepted tick that came after one of a later event time: it has no features of its own. */
  outOfOrder(): void {
    this.clear();
    this.inOrder = false;
  }

  /** An accepted tick in order, whose price joins the recent ones. */
  following(recent: RecentPrices, price: number): void {
    const previous = recent.last;
    recent.add(price);
    recent.describe(this.#figures);
    this.inOrder = true;
    this.logReturn = previous === undefined ? null : logReturn(previous, price);
    this.sma = this.#figures.mean;
    this.volatility = this.#figures.deviation;
  }
}

/** ln(price / previous), finite for all prices: the quotient of extreme ones is not. */
function logReturn(previous: number, price: number): number {
  const value = Math.log(price / previous);
  return Number.isFinite(value) ? value : Math.log(price) - Math.log(previous);
}
