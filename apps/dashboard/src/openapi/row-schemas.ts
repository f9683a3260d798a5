import type {
  Bar,
  Metrics,
  RefusedRow,
  QuarantineCount,
  SilverWindow,
  SparkPoint,
  SymbolQuote,
  Tick,
} from '@engine/contracts/api';
import { goldBars } from '@engine/medallion';
import type { SchemaObject } from './schema.js';
import { count, figure, flag, listOf, object, oneOf, orNull, text, time } from './schema.js';

const ofBar = object<Bar>({
  symbol: text,
  interval: text,
  start: time,
  revision: count,
  open: figure,
  high: figure,
  low: figure,
  close: figure,
  volume: orNull(figure),
  vwap: orNull(figure),
  ticks: count,
  first_offset: count,
  last_offset: count,
  closed_at: orNull(time),
  state: oneOf('provisional', 'final', 'corrected'),
});

/** Columns of gold/bars beyond those every bar has are figures that may not be known yet: its indicators. */
const indicators = Object.keys(goldBars.columns).filter((name) => !(name in (ofBar.properties ?? {})));

export const barSchema: SchemaObject = {
  ...ofBar,
  properties: {
    ...ofBar.properties,
    ...Object.fromEntries(indicators.map((name) => [name, orNull(figure)])),
  },
};

export const metricsSchema = object<Metrics>({
  symbol: text,
  as_of: time,
  ticks: count,
  last_price: orNull(figure),
  avg_sma: orNull(figure),
  avg_volatility: orNull(figure),
  vwap: orNull(figure),
  volume: orNull(figure),
  high: orNull(figure),
  low: orNull(figure),
  realized_volatility: orNull(figure),
  max_drawdown: orNull(figure),
});

export const tickSchema = object<Tick>({
  lane_offset: count,
  lane_index: count,
  symbol: text,
  event_time: time,
  price: figure,
  size: orNull(figure),
  side: orNull(oneOf('buy', 'sell')),
  trade_id: orNull(text),
  source: orNull(text),
  origin_partition: orNull(count),
  origin_offset: orNull(count),
  origin_index: orNull(count),
  verdict: oneOf('accepted', 'duplicate', 'late', 'future', 'too_many_symbols'),
  in_order: orNull(flag),
  log_return: orNull(figure),
  sma: orNull(figure),
  volatility: orNull(figure),
  record_time: orNull(time),
  stored: flag,
});

export const windowSchema = object<SilverWindow>({
  symbol: text,
  window_start: time,
  window_end: time,
  revision: count,
  ticks: count,
  sma: figure,
  volatility: orNull(figure),
  first_offset: count,
  last_offset: count,
});

export const symbolSchema = object<SymbolQuote>({
  symbol: text,
  last: figure,
  change: figure,
  changePercent: figure,
  lastEventTime: time,
  pricePrecision: count,
  sparkline: listOf(object<SparkPoint>({ time, close: figure })),
  sparklineSeconds: figure,
});

export const refusedSchema = object<RefusedRow>({
  layer: oneOf('bronze', 'silver'),
  reason: text,
  recordTime: orNull(time),
  partition: count,
  offset: count,
  index: count,
  symbol: orNull(text),
  eventTime: orNull(time),
  price: orNull(figure),
  raw: orNull(text),
  rawLength: orNull(count),
});

export const quarantineCountSchema = object<QuarantineCount>({
  layer: oneOf('bronze', 'silver'),
  reason: text,
  rows: count,
});
