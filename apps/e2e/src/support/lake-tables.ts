/** The columns that other people's scripts rely on: they come first, in this order, in every file of the table. */
export const lakeTables = {
  'bronze/events': {
    record_offset: 'BIGINT',
    record_index: 'INTEGER',
    record_time: 'TIMESTAMP WITH TIME ZONE',
    key: 'VARCHAR',
    raw: 'VARCHAR',
    verdict: 'VARCHAR',
    reason: 'VARCHAR',
    symbol: 'VARCHAR',
    event_time: 'TIMESTAMP WITH TIME ZONE',
    price: 'DOUBLE',
    size: 'DOUBLE',
    side: 'VARCHAR',
    trade_id: 'VARCHAR',
    source: 'VARCHAR',
  },
  'silver/ticks': {
    lane_offset: 'BIGINT',
    lane_index: 'INTEGER',
    symbol: 'VARCHAR',
    event_time: 'TIMESTAMP WITH TIME ZONE',
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
  },
  'silver/markers': { lane_offset: 'BIGINT', marker: 'TIMESTAMP WITH TIME ZONE' },
  'silver/windows': {
    symbol: 'VARCHAR',
    window_start: 'TIMESTAMP WITH TIME ZONE',
    window_end: 'TIMESTAMP WITH TIME ZONE',
    revision: 'INTEGER',
    ticks: 'BIGINT',
    sma: 'DOUBLE',
    volatility: 'DOUBLE',
    first_offset: 'BIGINT',
    last_offset: 'BIGINT',
  },
  'gold/bars': {
    symbol: 'VARCHAR',
    interval: 'VARCHAR',
    start: 'TIMESTAMP WITH TIME ZONE',
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
    closed_at: 'TIMESTAMP WITH TIME ZONE',
  },
  'gold/metrics': {
    symbol: 'VARCHAR',
    as_of: 'TIMESTAMP WITH TIME ZONE',
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
  },
} as const;

export type LakeTable = keyof typeof lakeTables;

export const lakeTableNames = Object.keys(lakeTables) as LakeTable[];

/** The name of a table's view: `silver/ticks` is `silver_ticks`. */
export function viewOf(table: LakeTable): string {
  return table.replace('/', '_');
}
