import type { BarUpdate } from '@engine/medallion';
import { DAY_US, parseBarInterval } from '@engine/window';
import type { RecentDays } from './symbol-days.js';

/** What is known of a symbol from its updates. */
export interface LiveQuote {
  /** Its newest bar of the shortest interval. */
  readonly bar: BarUpdate;
  /** The open of its earliest bar of that interval on the same UTC day, as far as updates tell. */
  readonly dayOpen: number;
  /** `as_of` of its newest metrics, µs: while ticks come, the newest event time. */
  readonly asOfUs: number | undefined;
}

export interface SymbolQuote {
  readonly symbol: string;
  /** The price of the newest accepted tick by (event time, lane offset, lane index). */
  readonly last: number;
  /**
   * Against the last price of the UTC day before that had ticks (so on a Monday against Friday's); where none is known,
   * against the first price known of the day.
   */
  readonly change: number;
  /** In percent of that price. */
  readonly changePercent: number;
  readonly lastEventUs: number;
}

const dayOf = (timeUs: number): number => Math.floor(timeUs / DAY_US);

/** The quote from what the lake holds and what the updates say; at least one of them is known. */
export function quoteOf(
  symbol: string,
  days: RecentDays | undefined,
  live: LiveQuote | undefined,
): SymbolQuote | undefined {
  const newest = newestTick(days, live);
  if (newest === undefined) return undefined;
  const { last, lastEventUs } = newest;
  const reference = referencePrice(dayOf(lastEventUs), days, live) ?? last;
  const change = last - reference;
  return { symbol, last, change, changePercent: (change / reference) * 100, lastEventUs };
}

function newestTick(
  days: RecentDays | undefined,
  live: LiveQuote | undefined,
): { last: number; lastEventUs: number } | undefined {
  const stored = days?.newest;
  if (live === undefined) return stored && { last: stored.last, lastEventUs: stored.lastUs };
  const endUs = live.bar.start + parseBarInterval(live.bar.interval).sizeUs;
  if (stored !== undefined && stored.lastUs >= endUs)
    return { last: stored.last, lastEventUs: stored.lastUs };
  const { asOfUs = -1, bar } = live;
  const toldUs = asOfUs >= bar.start && asOfUs < endUs ? asOfUs : bar.start;
  return { last: bar.close, lastEventUs: Math.max(toldUs, stored?.lastUs ?? 0) };
}

function referencePrice(
  day: number,
  days: RecentDays | undefined,
  live: LiveQuote | undefined,
): number | undefined {
  if (days === undefined) return live?.dayOpen;
  return days.newest.day < day ? days.newest.last : (days.before?.last ?? days.newest.first);
}
