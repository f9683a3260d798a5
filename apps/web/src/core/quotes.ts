import type { MetricsEvent, SymbolQuote } from '@engine/contracts/api';

const TREND_POINTS = 60;

/** By symbol, in the symbols' order. */
export type Quotes = ReadonlyMap<string, SymbolQuote>;

/** The quotes once a list of them has come: of a quote known from events too, the price of the later event time counts. */
export function mergeQuotes(known: Quotes, listed: readonly SymbolQuote[]): Quotes {
  return new Map(
    listed.map((quote) => {
      const before = known.get(quote.symbol);
      if (before === undefined || quote.lastEventTime >= before.lastEventTime) return [quote.symbol, quote];
      const { last, lastEventTime } = before;
      return [quote.symbol, withTrend(withLast(quote, last, lastEventTime), last, lastEventTime)];
    }),
  );
}

/** The quotes after some metrics, their trends aside; of symbols that are not listed yet nothing is known to change from. */
export const applyMetrics = (quotes: Quotes, events: readonly MetricsEvent[]): Quotes =>
  change(quotes, events, (quote, price, asOf) =>
    withLast(quote, price, asOf > quote.lastEventTime ? asOf : quote.lastEventTime),
  );

/** The trends go on to the prices of some metrics, the oldest first. */
export const applyTrends = (quotes: Quotes, events: readonly MetricsEvent[]): Quotes =>
  change(quotes, events, withTrend);

type Change = (quote: SymbolQuote, price: number, asOf: string) => SymbolQuote;

function change(quotes: Quotes, events: readonly MetricsEvent[], to: Change): Quotes {
  const changed = new Map(quotes);
  for (const { symbol, last_price, as_of } of events) {
    const quote = changed.get(symbol);
    if (quote !== undefined && last_price !== null) changed.set(symbol, to(quote, last_price, as_of));
  }
  return changed;
}

/** The price that the change counts from stays the same. */
function withLast(quote: SymbolQuote, last: number, lastEventTime: string): SymbolQuote {
  const reference = quote.last - quote.change;
  const change = last - reference;
  const changePercent = (change / reference) * 100;
  return { ...quote, last, change, changePercent, lastEventTime };
}

/** The trend up to a price: its bar is the newest, made where there is none yet. What is older than that changes nothing. */
function withTrend(quote: SymbolQuote, close: number, time: string): SymbolQuote {
  const barMs = quote.sparklineSeconds * 1_000;
  const start = Math.floor(Date.parse(time) / barMs) * barMs;
  const newestStart = Date.parse(quote.sparkline.at(-1)?.time ?? '');
  if (newestStart > start) return quote;
  const earlier = newestStart === start ? quote.sparkline.slice(0, -1) : quote.sparkline;
  const newest = { time: new Date(start).toISOString(), close };
  return { ...quote, sparkline: [...earlier, newest].slice(-TREND_POINTS) };
}
