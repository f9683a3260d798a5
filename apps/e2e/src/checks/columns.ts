import type { Comparison } from '@engine/oracle';

const features = ['sma', 'volatility', 'log_return'];
const offsets = ['first_offset', 'last_offset'];

/** How a table's figures are compared: prices and counts to the bit, results of sums within 1e-9. */
export const tickFigures: Comparison = {
  key: ['symbol', 'place'],
  exact: ['event_time', 'price', 'size', 'verdict', 'in_order'],
  close: features,
};

export const recordedTickFigures: Comparison = {
  key: ['lane', 'lane_offset', 'lane_index'],
  exact: ['symbol', 'event_time', 'price', 'size', 'side', 'trade_id', 'source', 'verdict', 'in_order'],
  close: features,
};

export const windowFigures: Comparison = {
  key: ['symbol', 'window_start'],
  exact: ['window_end', 'ticks', ...offsets],
  close: ['sma', 'volatility'],
};

export const barFigures: Comparison = {
  key: ['symbol', 'interval', 'start'],
  exact: ['ticks', 'open', 'high', 'low', 'close', ...offsets],
  close: ['volume', 'vwap'],
};

export const metricsFigures: Comparison = {
  key: ['symbol'],
  exact: ['ticks', 'last_price', 'high', 'low'],
  close: ['avg_sma', 'avg_volatility', 'volume', 'vwap', 'realized_volatility', 'max_drawdown'],
};

/** What counts of each table in the end: the highest revision, the newest metrics. */
export const currentWindows =
  'FROM silver_windows QUALIFY revision = max(revision) OVER (PARTITION BY symbol, window_start)';
export const currentBars =
  'FROM gold_bars QUALIFY revision = max(revision) OVER (PARTITION BY symbol, interval, start)';
export const currentMetrics = 'FROM gold_metrics QUALIFY as_of = max(as_of) OVER (PARTITION BY symbol)';
