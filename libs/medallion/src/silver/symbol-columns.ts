import type { Lists } from '../snapshot/lists.js';
import { packNumbers, packTexts, unpackLists } from '../snapshot/lists.js';
import { PriceBuffer } from './price-buffer.js';
import { RecentPrices } from './recent-prices.js';
import type { SourceTrades } from './seen-trades.js';
import { SeenTrades } from './seen-trades.js';
import type { SilverSettings } from './settings.js';
import type { SilverSymbol } from './state.js';
import { silverSymbol } from './state.js';

/** What the windows bring back when they are put into the book. */
type FromWindows = 'series' | 'nextSettleUs';

/** The symbols of a lane, field by field; a list per symbol where a field holds many values. */
export interface SilverSymbolColumns extends Record<Exclude<keyof SilverSymbol, FromWindows>, unknown> {
  readonly name: readonly string[];
  readonly newestUs: Float64Array;
  readonly recent: Lists<Float64Array>;
  readonly prices: { readonly times: Lists<Float64Array>; readonly prices: Lists<Float64Array> };
  readonly trades: TradeColumns;
}

/** What was remembered per source, those of one symbol next to each other. */
interface TradeColumns {
  /** How many sources each symbol has. */
  readonly sources: Lists<readonly string[]>;
  readonly contents: Uint8Array;
  readonly keys: Lists<readonly string[]>;
  readonly times: Float64Array;
}

export function packSilverSymbols(symbols: readonly SilverSymbol[]): SilverSymbolColumns {
  const prices = symbols.map(({ prices, series }) => prices.snapshot(series[0]?.[0]?.startUs ?? -Infinity));
  return {
    name: symbols.map(({ name }) => name),
    newestUs: Float64Array.from(symbols, ({ newestUs }) => newestUs),
    recent: packNumbers(symbols.map(({ recent }) => recent.snapshot())),
    prices: {
      times: packNumbers(prices.map(({ times }) => times)),
      prices: packNumbers(prices.map((buffer) => buffer.prices)),
    },
    trades: packTrades(symbols.map(({ trades }) => trades.snapshot())),
  };
}

/** The symbols, without their windows yet. */
export function unpackSilverSymbols(columns: SilverSymbolColumns, settings: SilverSettings): SilverSymbol[] {
  const recent = unpackLists(columns.recent);
  const times = unpackLists(columns.prices.times);
  const prices = unpackLists(columns.prices.prices);
  const trades = unpackTrades(columns.trades);
  return columns.name.map((name, at) => {
    const symbol = silverSymbol({
      name,
      recent: RecentPrices.restore(settings.silverRows, recent[at]!),
      prices: PriceBuffer.restore({ times: times[at]!, prices: prices[at]! }),
      trades: SeenTrades.restore(settings.dedupWithoutId === 'content', trades[at]!),
    });
    symbol.newestUs = columns.newestUs[at]!;
    return symbol;
  });
}

function packTrades(symbols: readonly (readonly SourceTrades[])[]): TradeColumns {
  const sources = symbols.flat();
  return {
    sources: packTexts(symbols.map((trades) => trades.map(({ source }) => source))),
    contents: Uint8Array.from(sources, ({ contents }) => Number(contents)),
    keys: packTexts(sources.map(({ keys }) => keys)),
    times: packNumbers(sources.map(({ times }) => times)).values,
  };
}

function unpackTrades(columns: TradeColumns): SourceTrades[][] {
  const keys = unpackLists(columns.keys);
  const times = unpackLists({ lengths: columns.keys.lengths, values: columns.times });
  let at = 0;
  return unpackLists(columns.sources).map((sources) =>
    sources.map((source) => {
      const trades = { source, contents: columns.contents[at] === 1, keys: keys[at]!, times: times[at]! };
      at += 1;
      return trades;
    }),
  );
}
