import type { ColumnTypes, TableSchema } from './columns.js';

const table = <Columns extends ColumnTypes>(name: string, columns: Columns): TableSchema<Columns> => ({
  name,
  columns,
});

/** Every record of `stock-ticks` as it came, readable or not. Lane: the partition of `stock-ticks`. */
export const bronzeEvents = table('bronze/events', {
  record_offset: 'BIGINT',
  record_index: 'INTEGER',
  record_time: 'TIMESTAMP',
  key: 'VARCHAR',
  raw: 'VARCHAR',
  verdict: 'VARCHAR',
  reason: 'VARCHAR',
  symbol: 'VARCHAR',
  event_time: 'TIMESTAMP',
  price: 'DOUBLE',
  size: 'DOUBLE',
  side: 'VARCHAR',
  trade_id: 'VARCHAR',
  source: 'VARCHAR',
} as const);

/** Every tick that bronze accepted, with silver's verdict and features, in the order its lane was decided. */
export const silverTicks = table('silver/ticks', {
  lane_offset: 'BIGINT',
  lane_index: 'INTEGER',
  symbol: 'VARCHAR',
  event_time: 'TIMESTAMP',
  price: 'DOUBLE',
  size: 'DOUBLE',
  side: 'VARCHAR',
  trade_id: 'VARCHAR',
  source: 'VARCHAR',
  origin_partition: 'INTEGER',
  origin_offset: 'BIGINT',
  origin_index: 'INTEGER',
  verdict: 'VARCHAR',
  in_order: 'BOOLEAN',
  log_return: 'DOUBLE',
  sma: 'DOUBLE',
  volatility: 'DOUBLE',
  record_time: 'TIMESTAMP',
} as const);

/** The time markers of a lane: with `silver/ticks` they are the lane's whole history in its order. */
export const silverMarkers = table('silver/markers', { lane_offset: 'BIGINT', marker: 'TIMESTAMP' } as const);

export const silverWindows = table('silver/windows', {
  symbol: 'VARCHAR',
  window_start: 'TIMESTAMP',
  window_end: 'TIMESTAMP',
  revision: 'INTEGER',
  ticks: 'BIGINT',
  sma: 'DOUBLE',
  volatility: 'DOUBLE',
  first_offset: 'BIGINT',
  last_offset: 'BIGINT',
} as const);

/** Final and corrected bars; the current one is of the highest revision. */
export const goldBars = table('gold/bars', {
  symbol: 'VARCHAR',
  interval: 'VARCHAR',
  start: 'TIMESTAMP',
  revision: 'INTEGER',
  open: 'DOUBLE',
  high: 'DOUBLE',
  low: 'DOUBLE',
  close: 'DOUBLE',
  volume: 'DOUBLE',
  vwap: 'DOUBLE',
  ticks: 'BIGINT',
  first_offset: 'BIGINT',
  last_offset: 'BIGINT',
  closed_at: 'TIMESTAMP',
} as const);

export const goldMetrics = table('gold/metrics', {
  symbol: 'VARCHAR',
  as_of: 'TIMESTAMP',
  ticks: 'BIGINT',
  last_price: 'DOUBLE',
  avg_sma: 'DOUBLE',
  avg_volatility: 'DOUBLE',
  vwap: 'DOUBLE',
  volume: 'DOUBLE',
  high: 'DOUBLE',
  low: 'DOUBLE',
  realized_volatility: 'DOUBLE',
  max_drawdown: 'DOUBLE',
} as const);

export const tables = [
  bronzeEvents,
  silverTicks,
  silverMarkers,
  silverWindows,
  goldBars,
  goldMetrics,
] as const;
