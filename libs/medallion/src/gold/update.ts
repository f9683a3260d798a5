import type { GoldBar } from './bar.js';
import { maxDrawdownOf, realizedVolatilityOf } from './day.js';
import { meanOf } from './running-mean.js';
import type { GoldSymbol } from './symbol.js';
import { volumeOf, vwapOf } from './traded.js';

/** Where in silver's input lane the row stands that an update is based on: of two updates of a key the higher one counts. */
export interface BasedOn {
  readonly lane_offset: number;
  readonly lane_index: number;
}

/** `provisional` while the bar is open or dirty, `final` when it closes, `corrected` when a late tick still counted. */
export type BarState = 'provisional' | 'final' | 'corrected';

/** A row of gold/bars, named as its columns; times in µs since the epoch. */
export interface BarUpdate extends BasedOn {
  readonly type: 'bar';
  readonly state: BarState;
  readonly symbol: string;
  readonly interval: string;
  readonly start: number;
  /** While provisional: the one it will have. */
  readonly revision: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number | null;
  readonly vwap: number | null;
  readonly ticks: number;
  readonly first_offset: number;
  readonly last_offset: number;
  /** null while provisional. */
  readonly closed_at: number | null;
}

/** A row of gold/metrics, named as its columns; times in µs since the epoch. */
export interface MetricsUpdate extends BasedOn {
  readonly type: 'metrics';
  readonly symbol: string;
  /** While provisional: the symbol's newest event time. */
  readonly as_of: number;
  readonly ticks: number;
  readonly last_price: number | null;
  readonly avg_sma: number | null;
  readonly avg_volatility: number | null;
  readonly vwap: number | null;
  readonly volume: number | null;
  readonly high: number | null;
  readonly low: number | null;
  readonly realized_volatility: number | null;
  readonly max_drawdown: number | null;
}

/** What gold tells the world, an upsert: by symbol, interval and start for bars, by symbol for metrics. */
export type GoldUpdate = BarUpdate | MetricsUpdate;

/** The bar as it was published last or, when it took ticks since, as it stands. */
export function barUpdate(bar: GoldBar, basedOn: BasedOn): BarUpdate {
  const published = bar.phase === 'final';
  return {
    type: 'bar',
    state: published ? (bar.revision === 0 ? 'final' : 'corrected') : 'provisional',
    lane_offset: basedOn.lane_offset,
    lane_index: basedOn.lane_index,
    symbol: bar.symbol.name,
    interval: bar.interval,
    start: bar.startUs,
    revision: published ? bar.revision : bar.revision + 1,
    open: bar.open,
    high: bar.high,
    low: bar.low,
    close: bar.close,
    volume: volumeOf(bar),
    vwap: vwapOf(bar),
    ticks: bar.ticks,
    first_offset: bar.firstOffset,
    last_offset: bar.lastOffset,
    closed_at: published ? bar.publishedAtUs : null,
  };
}

/** The symbol's metrics as they stand; the symbol has a tick. */
export function metricsUpdate(symbol: GoldSymbol, asOfUs: number, basedOn: BasedOn): MetricsUpdate {
  const { day } = symbol;
  return {
    type: 'metrics',
    lane_offset: basedOn.lane_offset,
    lane_index: basedOn.lane_index,
    symbol: symbol.name,
    as_of: asOfUs,
    ticks: symbol.ticks,
    last_price: symbol.lastPrice,
    avg_sma: meanOf(symbol.sma),
    avg_volatility: meanOf(symbol.volatility),
    vwap: vwapOf(day),
    volume: volumeOf(day),
    high: day.high,
    low: day.low,
    realized_volatility: realizedVolatilityOf(day),
    max_drawdown: maxDrawdownOf(day),
  };
}
