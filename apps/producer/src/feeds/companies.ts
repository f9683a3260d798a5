import { SmallFastCounter } from './random.js';

/** What a symbol's walk starts from. `volatility` is annual, `beta` its exposure to the market's moves. */
export interface Company {
  readonly symbol: string;
  readonly price: number;
  readonly volatility: number;
  readonly beta: number;
}

/** Annual volatility of the factor all symbols share. */
export const MARKET_VOLATILITY = 0.16;

const KNOWN: Readonly<Record<string, Omit<Company, 'symbol'>>> = {
  AAPL: { price: 189.5, volatility: 0.27, beta: 1.1 },
  GOOGL: { price: 135.8, volatility: 0.3, beta: 1.1 },
  MSFT: { price: 332.9, volatility: 0.26, beta: 1 },
  TSLA: { price: 252.8, volatility: 0.55, beta: 1.8 },
  AMZN: { price: 136.4, volatility: 0.34, beta: 1.2 },
  NVDA: { price: 482.6, volatility: 0.48, beta: 1.6 },
};

/** The well-known six as they were in 2023; any other symbol gets its figures from its name: 10-500, 20-60 % a year. */
export function companyOf(symbol: string): Company {
  const known = Object.hasOwn(KNOWN, symbol) ? KNOWN[symbol] : undefined;
  return { symbol, ...(known ?? inventedFigures(symbol)) };
}

function inventedFigures(symbol: string): Omit<Company, 'symbol'> {
  const random = new SmallFastCounter(symbol);
  const price = Math.round(1000 * 50 ** random.next()) / 100;
  return { price, volatility: 0.2 + 0.4 * random.next(), beta: 0.5 + 0.6 * random.next() };
}
