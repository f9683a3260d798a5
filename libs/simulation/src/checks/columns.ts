import type { Comparison } from '@engine/oracle';

/** How the rows of a table are compared: prices, counts and times to the bit, results of sums within 1e-9. */
export const eventColumns: Comparison = {
  key: ['partition', 'record_offset', 'record_index'],
  exact: ['record_time', 'raw', 'verdict', 'reason', 'event_time', 'price', 'size', 'trade_id', 'source'],
};

export const tickColumns: Comparison = {
  key: ['lane_offset', 'lane_index'],
  exact: [
    'symbol',
    'event_time',
    'price',
    'size',
    'trade_id',
    'source',
    'record_time',
    'verdict',
    'in_order',
  ],
  close: ['sma', 'volatility', 'log_return'],
};

export const windowColumns: Comparison = {
  key: ['symbol', 'window_start', 'revision'],
  exact: ['window_end', 'ticks', 'first_offset', 'last_offset'],
  close: ['sma', 'volatility'],
};

export const barColumns: Comparison = {
  key: ['symbol', 'interval', 'start', 'revision'],
  exact: ['ticks', 'open', 'high', 'low', 'close', 'first_offset', 'last_offset', 'closed_at'],
  close: ['volume', 'vwap'],
};

/** A marker may fall on the end of a minute: then there are two rows of one time, in their order. */
export const metricsColumns: Comparison = {
  key: ['symbol', 'as_of', 'nth'],
  exact: ['ticks', 'last_price', 'high', 'low'],
  close: ['avg_sma', 'avg_volatility', 'volume', 'vwap', 'realized_volatility', 'max_drawdown'],
};

/** The same of a table's current rows, whatever number and time their revision has. */
export const currently = ({ key, exact = [], close = [] }: Comparison): Comparison => ({
  key: key.filter((name) => name !== 'revision'),
  exact: exact.filter((name) => name !== 'closed_at'),
  close,
});
