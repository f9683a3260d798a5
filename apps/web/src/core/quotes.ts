import type { MetricsEvent, SparkPoint, SymbolQuote } from '@engine/contracts/api';

const TREND_POINTS = 60;

/** By symbol, in the symbols' order. */
export type Quotes = ReadonlyMap<string, SymbolQuote>;

/** The quotes once a list of them has come: of a quote known from events too, the price of the later event time counts. */
export function mergeQuotes(known: Quotes, listed: readonly SymbolQuote[]): Quotes {
  return new Map(
    listed.map((quote) => {
      const before = known.get(quote.symbol);
      const isOlder = before !== undefined && quote.lastEventTime < before.lastEventTime;
      return [quote.symbol, isOlder ? withLast(quote, before.last, before.lastEventTime) : quote];
    }),
  );
}

/** The quotes after some metrics; of symbols that are not listed yet nothing is known to change from. */
export function applyMetrics(quotes: Quotes, events: readonly MetricsEvent[]): Quotes {
  const changed = new Map(quotes);
  for (const { symbol, last_price, as_of } of events) {
    const quote = changed.get(symbol);
    if (quote === undefined || last_price === null) continue;
    changed.set(
      symbol,
      withLast(quote, last_price, as_of > quote.lastEventTime ? as_of : quote.lastEventTime),
    );
  }
  return changed;
}

/** The price that the change counts from stays the same. */
function withLast(quote: SymbolQuote, last: number, lastEventTime: string): SymbolQuote {
  const reference = quote.last - quote.change;
  const change = last - reference;
  const changePercent = (change / reference) * 100;
  return {
    ...quote,
    last,
    change,
    changePercent,
    lastEventTime,
    sparkline: trendTo(quote, last, lastEventTime),
  };
}

/** The trend up to a price: its bar is the newest, made where there is none yet. */
function trendTo(
  { sparkline, sparklineSeconds }: SymbolQuote,
  close: number,
  time: string,
): readonly SparkPoint[] {
  const barMs = sparklineSeconds * 1_000;
  const start = Math.floor(Date.parse(time) / barMs) * barMs;
  const newest = sparkline.at(-1);
  const isOpen = newest !== undefined && Date.parse(newest.time) >= start;
  const earlier = isOpen ? sparkline.slice(0, -1) : sparkline;
  return [...earlier, { time: new Date(start).toISOString(), close }].slice(-TREND_POINTS);
}
