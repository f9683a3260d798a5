import { differences } from '@engine/oracle';
import type { Comparison } from '@engine/oracle';
import type { Lake } from '../support/lake.js';
import { currentBars, currentMetrics, currentWindows } from './columns.js';
import type { FigureDifferences } from './against-sql.js';

const silverBySymbol =
  'SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY lane_offset, lane_index) AS place FROM silver_ticks';

/** Over a log written anew, coordinates, revisions and times of publication may differ; all the rest must not, to the bit. */
const comparisons: Readonly<Record<keyof FigureDifferences, readonly [string, Comparison]>> = {
  ticks: [
    silverBySymbol,
    {
      key: ['symbol', 'place'],
      exact: [
        ...['event_time', 'price', 'size', 'side', 'trade_id', 'source', 'verdict', 'in_order'],
        ...['sma', 'volatility', 'log_return'],
      ],
    },
  ],
  windows: [
    currentWindows,
    { key: ['symbol', 'window_start'], exact: ['window_end', 'ticks', 'sma', 'volatility'] },
  ],
  bars: [
    currentBars,
    {
      key: ['symbol', 'interval', 'start'],
      exact: ['open', 'high', 'low', 'close', 'volume', 'vwap', 'ticks'],
    },
  ],
  metrics: [
    currentMetrics,
    {
      key: ['symbol', 'as_of'],
      exact: [
        ...['ticks', 'last_price', 'avg_sma', 'avg_volatility', 'vwap', 'volume', 'high', 'low'],
        ...['realized_volatility', 'max_drawdown'],
      ],
    },
  ],
};

/** Where two runs over the same input differ. */
export async function differencesFromRun(lake: Lake, other: Lake): Promise<FigureDifferences> {
  const compare = async (table: keyof FigureDifferences): Promise<string[]> => {
    const [sql, comparison] = comparisons[table];
    return differences(await lake.duck.rows(sql), await other.duck.rows(sql), comparison);
  };
  return {
    ticks: await compare('ticks'),
    windows: await compare('windows'),
    bars: await compare('bars'),
    metrics: await compare('metrics'),
  };
}
