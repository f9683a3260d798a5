import type { MetricsEvent, SymbolQuote } from '@engine/contracts/api';
import { applyMetrics, applyTrends, mergeQuotes } from './quotes.js';
import type { Quotes } from './quotes.js';

const quote = (differently: Partial<SymbolQuote> = {}): SymbolQuote => ({
  symbol: 'AAPL',
  last: 110,
  change: 10,
  changePercent: 10,
  lastEventTime: '2024-03-01T09:30:00.000000Z',
  pricePrecision: 2,
  sparkline: [],
  sparklineSeconds: 60,
  ...differently,
});
const event = (differently: Partial<MetricsEvent>): MetricsEvent =>
  ({ symbol: 'AAPL', last_price: 95, as_of: '2024-03-01T09:30:01.000000Z', ...differently }) as MetricsEvent;

describe('quotes', () => {
  it('move with the metrics; the change counts from the same price', () => {
    const moved = applyMetrics(mergeQuotes(new Map(), [quote()]), [event({})]);
    expect(moved.get('AAPL')).toEqual(
      quote({
        last: 95,
        change: -5,
        changePercent: -5,
        lastEventTime: '2024-03-01T09:30:01.000000Z',
      }),
    );
  });

  it('are as old as their newest tick, when a bar’s end is told after it', () => {
    const moved = applyMetrics(mergeQuotes(new Map(), [quote()]), [
      event({ as_of: '2024-03-01T09:28:00.000000Z' }),
    ]);
    expect(moved.get('AAPL')?.lastEventTime).toBe(quote().lastEventTime);
  });

  it('keep a newer price when an older list comes late, and take the rest of the list', () => {
    const moved = applyMetrics(mergeQuotes(new Map(), [quote()]), [event({})]);
    const listed = mergeQuotes(moved, [quote({ pricePrecision: 4 }), quote({ symbol: 'MSFT' })]);
    expect(listed.get('AAPL')).toMatchObject({ last: 95, change: -5, pricePrecision: 4 });
    expect(listed.get('AAPL')?.sparkline).toEqual([{ time: '2024-03-01T09:30:00.000Z', close: 95 }]);
    expect([...listed.keys()]).toEqual(['AAPL', 'MSFT']);
  });

  it('have a trend that goes on: the bar of the moment ends at the last price, the oldest makes room', () => {
    const time = (second: number): string => new Date(Date.UTC(2024, 2, 1, 9, 29, second)).toISOString();
    const sparkline = Array.from({ length: 60 }, (_, at) => ({ time: time(at), close: at }));
    const known = mergeQuotes(new Map(), [quote({ sparkline, sparklineSeconds: 1 })]);
    const heard = (quotes: Quotes, second: number, close: number): Quotes =>
      applyTrends(quotes, [event({ as_of: time(second), last_price: close })]);
    const once = heard(known, 61, 7);
    expect(once.get('AAPL')?.sparkline).toEqual([...sparkline.slice(1), { time: time(61), close: 7 }]);
    const twice = heard(once, 61.5, 8);
    expect(twice.get('AAPL')?.sparkline).toEqual([...sparkline.slice(1), { time: time(61), close: 8 }]);
    expect(heard(twice, 60, 9)).toEqual(twice);
  });

  it('do not make up a symbol that is not listed, nor a price that is not known', () => {
    const quotes = mergeQuotes(new Map(), [quote()]);
    const events = [event({ symbol: 'NEW' }), event({ last_price: null })];
    expect(applyMetrics(quotes, events)).toEqual(quotes);
    expect(applyTrends(quotes, events)).toEqual(quotes);
  });
});
