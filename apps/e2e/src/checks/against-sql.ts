import { differences } from '@engine/oracle';
import type { Lake } from '../support/lake.js';
import type { OracleSettings } from '@engine/oracle';
import { computeOracle } from '../oracle/sql-oracle.js';
import {
  barFigures,
  currentBars,
  currentMetrics,
  currentWindows,
  metricsFigures,
  tickFigures,
  windowFigures,
} from './columns.js';

/** Where the lake differs from the oracle, table by table. */
export interface FigureDifferences {
  readonly ticks: string[];
  readonly windows: string[];
  readonly bars: string[];
  readonly metrics: string[];
}

export const noDifferences: FigureDifferences = { ticks: [], windows: [], bars: [], metrics: [] };

/**
 * Recomputes everything from a table `input(ord, symbol, t, price, size)` in the lake's own database, where the order within
 * a symbol is the order its ticks were put in, and tells where the lake differs. No tick may be missing or too many.
 */
export async function differencesFromSql(lake: Lake, settings: OracleSettings): Promise<FigureDifferences> {
  await lake.duck.run(withLaneOffsets);
  await computeOracle(lake.duck, settings);
  const ours = (sql: string) => lake.duck.rows(sql);
  return {
    ticks: differences(await ours(silverInOrder), await ours(oracleInOrder), tickFigures),
    windows: differences(await ours(currentWindows), await ours('FROM oracle_windows'), windowFigures),
    bars: differences(await ours(currentBars), await ours('FROM oracle_bars'), barFigures),
    metrics: differences(await ours(currentMetrics), await ours('FROM oracle_metrics'), metricsFigures),
  };
}

const silverInOrder = `
  SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY lane_offset, lane_index) AS place FROM silver_ticks`;

const oracleInOrder = `
  SELECT * RENAME t AS event_time, row_number() OVER (PARTITION BY symbol ORDER BY ord) AS place FROM oracle_ticks`;

/** The n-th tick of a symbol that went in is the n-th that silver decided: so each gets its place in the lane. */
const withLaneOffsets = `
  CREATE OR REPLACE TABLE ticks AS
  SELECT placed.* EXCLUDE place, silver.lane_offset
  FROM (SELECT *, row_number() OVER (PARTITION BY symbol ORDER BY ord) AS place FROM input) placed
  LEFT JOIN (SELECT symbol, lane_offset, place FROM (${silverInOrder})) silver USING (symbol, place)`;
