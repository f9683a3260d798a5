import { DAY_US } from './settings.js';
import type { OracleSettings } from './settings.js';
import { mean, sampleDeviation } from './statistics.js';

/** A tick as it was put in, in the order its lane was decided. */
export interface RecordedTick {
  readonly laneOffset: number;
  readonly laneIndex: number;
  readonly symbol: string;
  readonly t: number;
  readonly price: number;
  readonly size: number | null;
  readonly source: string;
  readonly id: string | null;
  readonly recordTimeUs: number;
}

export interface Features {
  readonly sma: number | null;
  readonly volatility: number | null;
  readonly log_return: number | null;
}

export interface DecidedTick extends RecordedTick, Features {
  readonly verdict: 'accepted' | 'duplicate' | 'late' | 'future';
  readonly in_order: boolean | null;
}

const noFeatures: Features = { sma: null, volatility: null, log_return: null };

/** What is known of a symbol: its accepted ticks, the newest time and the prices in order among them. */
interface Past {
  readonly accepted: DecidedTick[];
  readonly prices: number[];
  newest: number;
}

/** Verdicts and row features of one lane's ticks, by going through them one by one. */
export function decide(ticks: readonly RecordedTick[], settings: OracleSettings): DecidedTick[] {
  const pasts = new Map<string, Past>();
  return ticks.map((tick) => {
    const past = pasts.get(tick.symbol) ?? { accepted: [], prices: [], newest: -Infinity };
    pasts.set(tick.symbol, past);
    const verdict = judge(tick, past, settings);
    return verdict === 'accepted' ? accept(tick, past, settings) : refuse(tick, verdict);
  });
}

function judge(tick: RecordedTick, past: Past, settings: OracleSettings): DecidedTick['verdict'] {
  if (tick.t > tick.recordTimeUs + settings.maxFutureUs) return 'future';
  const oldest = past.newest - settings.allowedLatenessUs;
  if (tick.t < oldest) return 'late';
  const seen = past.accepted.some(
    ({ id, source, t }) => id !== null && id === tick.id && source === tick.source && t >= oldest,
  );
  return seen ? 'duplicate' : 'accepted';
}

function refuse(tick: RecordedTick, verdict: DecidedTick['verdict']): DecidedTick {
  return { ...tick, verdict, in_order: null, ...noFeatures };
}

function accept(tick: RecordedTick, past: Past, { silverRows }: OracleSettings): DecidedTick {
  const inOrder = tick.t >= past.newest;
  const previous = past.prices.at(-1);
  if (inOrder) past.prices.push(tick.price);
  const recent = past.prices.slice(-silverRows);
  const features: Features = {
    sma: mean(recent),
    volatility: sampleDeviation(recent),
    log_return: previous === undefined ? null : Math.log(tick.price / previous),
  };
  const decided = {
    ...tick,
    verdict: 'accepted',
    in_order: inOrder,
    ...(inOrder ? features : noFeatures),
  } as const;
  past.newest = Math.max(past.newest, tick.t);
  past.accepted.push(decided);
  return decided;
}

function newestTime(ticks: readonly DecidedTick[]): number {
  let newest = -Infinity;
  for (const { t } of ticks) newest = Math.max(newest, t);
  return newest;
}

function acceptedBySymbol(decided: readonly DecidedTick[]): Map<string, DecidedTick[]> {
  return groupBy(
    decided.filter(({ verdict }) => verdict === 'accepted'),
    ({ symbol }) => symbol,
  );
}

/** By (event time, lane offset, index). */
function inEventOrder(ticks: readonly DecidedTick[]): DecidedTick[] {
  return ticks.toSorted((a, b) => a.t - b.t || a.laneOffset - b.laneOffset || a.laneIndex - b.laneIndex);
}

export type Figures = Readonly<Record<string, string | number | null>>;

export function windowsOf(decided: readonly DecidedTick[], { windowUs, slideUs }: OracleSettings): Figures[] {
  return [...acceptedBySymbol(decided)].flatMap(([symbol, ticks]) => {
    const members = new Map<number, DecidedTick[]>();
    for (const tick of ticks)
      for (let start = Math.floor(tick.t / slideUs) * slideUs; start > tick.t - windowUs; start -= slideUs)
        members.set(start, [...(members.get(start) ?? []), tick]);
    return [...members].map(([start, inside]) => ({
      symbol,
      window_start: start,
      window_end: start + windowUs,
      ...figuresOfWindow(inside),
    }));
  });
}

export function barsOf(decided: readonly DecidedTick[], { intervals }: OracleSettings): Figures[] {
  return [...acceptedBySymbol(decided)].flatMap(([symbol, ticks]) =>
    Object.entries(intervals).flatMap(([interval, us]) =>
      [...groupBy(ticks, ({ t }) => Math.floor(t / us) * us)].map(([start, inside]) => ({
        symbol,
        interval,
        start,
        ...figuresOfBar(inside),
      })),
    ),
  );
}

/** The figures of the newest metrics row of each symbol. */
export function metricsOf(decided: readonly DecidedTick[]): Figures[] {
  return [...acceptedBySymbol(decided)].map(([symbol, ticks]) => ({ symbol, ...figuresOfSymbol(ticks) }));
}

/** Of the accepted ticks of one symbol in one window, in any order. */
export function figuresOfWindow(ticks: readonly DecidedTick[]): Figures {
  const prices = inEventOrder(ticks).map(({ price }) => price);
  return { ticks: ticks.length, sma: mean(prices), volatility: sampleDeviation(prices), ...offsetsOf(ticks) };
}

/** Of the accepted ticks of one symbol in one interval, in any order. */
export function figuresOfBar(ticks: readonly DecidedTick[]): Figures {
  return { ...ohlc(inEventOrder(ticks)), ...volumeOf(ticks), ...offsetsOf(ticks) };
}

/** Of all accepted ticks of one symbol, in the order they were decided. */
export function figuresOfSymbol(ticks: readonly DecidedTick[]): Figures {
  const ordered = ticks.filter(({ in_order }) => in_order);
  const today = Math.floor(newestTime(ticks) / DAY_US);
  const ofToday = ticks.filter(({ t }) => Math.floor(t / DAY_US) === today);
  const { high = null, low = null } = ohlc(ofToday);
  return {
    ticks: ticks.length,
    last_price: ordered.at(-1)?.price ?? null,
    avg_sma: meanOf(ordered.map(({ sma }) => sma)),
    avg_volatility: meanOf(ordered.map(({ volatility }) => volatility)),
    ...volumeOf(ofToday),
    high,
    low,
    ...pathOf(ofToday.filter(({ in_order }) => in_order).map(({ price }) => price)),
  };
}

function ohlc(inside: readonly DecidedTick[]): Figures {
  const prices = inside.map(({ price }) => price);
  const [open = NaN] = prices;
  return {
    ticks: inside.length,
    open,
    high: prices.reduce((a, b) => Math.max(a, b)),
    low: prices.reduce((a, b) => Math.min(a, b)),
    close: prices.at(-1) ?? NaN,
  };
}

function volumeOf(inside: readonly DecidedTick[]): Figures {
  let volume: number | null = null;
  let turnover = 0;
  for (const { price, size } of inside) {
    if (size === null) continue;
    volume = (volume ?? 0) + size;
    turnover += price * size;
  }
  return { volume, vwap: volume === null || volume === 0 ? null : turnover / volume };
}

function offsetsOf(inside: readonly DecidedTick[]): Figures {
  const offsets = inside.map(({ laneOffset }) => laneOffset);
  return {
    first_offset: offsets.reduce((a, b) => Math.min(a, b)),
    last_offset: offsets.reduce((a, b) => Math.max(a, b)),
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : mean(known);
}

function pathOf(prices: readonly number[]): Figures {
  let squares: number | null = null;
  let highest = -Infinity;
  let deepest = 0;
  for (const [at, price] of prices.entries()) {
    const previous = prices[at - 1];
    if (previous !== undefined) squares = (squares ?? 0) + Math.log(price / previous) ** 2;
    highest = Math.max(highest, price);
    deepest = Math.min(deepest, price / highest - 1);
  }
  return { realized_volatility: squares === null ? null : Math.sqrt(squares), max_drawdown: deepest };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
