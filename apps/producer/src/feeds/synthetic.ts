import type { Company } from './companies.js';
import { companyOf, MARKET_VOLATILITY } from './companies.js';
import { hash32, Normal, SmallFastCounter } from './random.js';

/** A trading year in seconds: 252 days of 390 minutes. The market never closes here, every second counts as trading. */
export const TRADING_YEAR_S = 252 * 390 * 60;

/** A walk of many thousand years must not leave what a tick may cost. */
const HIGHEST_CENTS = 1e8;

export interface SyntheticSettings {
  readonly symbols: readonly string[];
  /** Rows a second, over all symbols. */
  readonly rate: number;
  readonly seed: number;
}

/** A tick but for its time, which is the wall clock when it is sent. */
export interface SyntheticTick {
  readonly row: number;
  readonly id: number;
  readonly symbol: string;
  readonly price: number;
  readonly size: number;
  readonly side: 'buy' | 'sell';
}

interface Walk extends Company {
  /** Of the part of the moves that is not the market's, per square root of a year. */
  readonly ownVolatility: number;
  ownLog: number;
  lastRow: number;
  lastPrice: number;
}

/**
 * Correlated random walks: ln(price / start) = beta · market + own, both Brownian, scaled so that a symbol has its annual
 * volatility when rows come at `rate`. Row k depends on the settings and on k alone; rows come in order, 0 first.
 */
export class SyntheticMarket {
  readonly #uniform: SmallFastCounter;
  readonly #normal: Normal;
  readonly #walks: readonly Walk[];
  readonly #firstId: number;
  readonly #yearsPerRow: number;
  #marketLog = 0;
  #row = 0;

  constructor(settings: SyntheticSettings) {
    const name = [settings.seed, settings.rate, ...settings.symbols].join('|');
    this.#uniform = new SmallFastCounter(name);
    this.#normal = new Normal(this.#uniform);
    this.#walks = settings.symbols.map((symbol) => startOf(companyOf(symbol)));
    this.#firstId = firstIdOf(name);
    this.#yearsPerRow = 1 / settings.rate / TRADING_YEAR_S;
  }

  next(): SyntheticTick {
    const row = this.#row++;
    this.#marketLog += MARKET_VOLATILITY * Math.sqrt(this.#yearsPerRow) * this.#normal.next();
    const walk = this.#walks[Math.floor(this.#uniform.next() * this.#walks.length)]!;
    const before = walk.lastPrice;
    const price = this.#move(walk, row);
    const side = this.#sideAfter(price - before);
    return { row, id: this.#firstId + row, symbol: walk.symbol, price, size: this.#size(), side };
  }

  #move(walk: Walk, row: number): number {
    const years = (row - walk.lastRow) * this.#yearsPerRow;
    walk.ownLog += walk.ownVolatility * Math.sqrt(years) * this.#normal.next();
    walk.lastRow = row;
    walk.lastPrice = toCents(walk.price * Math.exp(walk.beta * this.#marketLog + walk.ownLog));
    return walk.lastPrice;
  }

  /** Buyers lift prices: after a rise a buy is likelier, after a fall a sale. */
  #sideAfter(change: number): 'buy' | 'sell' {
    return this.#uniform.next() < 0.5 + 0.2 * Math.sign(change) ? 'buy' : 'sell';
  }

  /** Shares: every other trade in round lots of 100, sizes log-normal either way. */
  #size(): number {
    const isRoundLot = this.#uniform.next() < 0.5;
    const spread = Math.exp(this.#normal.next());
    return isRoundLot ? 100 * Math.ceil(spread) : Math.ceil(25 * spread);
  }
}

function startOf(company: Company): Walk {
  const fromMarket = company.beta * MARKET_VOLATILITY;
  const ownVolatility = Math.sqrt(company.volatility ** 2 - fromMarket ** 2);
  return { ...company, ownVolatility, ownLog: 0, lastRow: -1, lastPrice: company.price };
}

/** Ids are dense from here on. Feeds of other settings start elsewhere, so that their ids are no duplicates of ours. */
function firstIdOf(name: string): number {
  return (hash32(name) % 2 ** 20) * 2 ** 32;
}

function toCents(price: number): number {
  return Math.min(Math.max(1, Math.round(price * 100)), HIGHEST_CENTS) / 100;
}
