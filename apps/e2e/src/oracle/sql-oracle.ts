import type { Duck } from '../support/duck.js';
import { DAY_US } from '@engine/oracle';
import type { OracleSettings } from '@engine/oracle';

/**
 * Every figure recomputed by SQL. The input is a table `ticks(ord, symbol, t, price, size, lane_offset)`: `ord` is the order
 * in which they were decided, `t` µs since the epoch; none without an honest id, none from the future. Makes
 * `oracle_ticks`, `oracle_windows`, `oracle_bars` and `oracle_metrics`.
 */
export async function computeOracle(duck: Duck, settings: OracleSettings): Promise<void> {
  await duck.run(verdictsSql(settings));
  await duck.run(ticksSql(settings));
  await duck.run(windowsSql(settings));
  await duck.run(barsSql(settings));
  await duck.run(metricsSql());
}

/** A late tick is older than the newest, so the newest of all is the newest accepted. */
function verdictsSql({ allowedLatenessUs }: OracleSettings): string {
  return `
    CREATE OR REPLACE TABLE oracle_verdicts AS
    WITH seen AS (
      SELECT *, max(t) OVER (PARTITION BY symbol ORDER BY ord ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS newest
      FROM ticks)
    SELECT * EXCLUDE newest,
      CASE WHEN t < newest - ${allowedLatenessUs} THEN 'late' ELSE 'accepted' END AS verdict,
      CASE WHEN t < newest - ${allowedLatenessUs} THEN NULL ELSE t >= coalesce(newest, t) END AS in_order
    FROM seen`;
}

function ticksSql({ silverRows }: OracleSettings): string {
  return `
    CREATE OR REPLACE TABLE oracle_ticks AS
    WITH features AS (
      SELECT ord,
        avg(price) OVER recent AS sma,
        CASE WHEN count(*) OVER recent > 1 AND min(price) OVER recent = max(price) OVER recent THEN 0
          ELSE stddev_samp(price) OVER recent END AS volatility,
        ln(price / lag(price) OVER (PARTITION BY symbol ORDER BY ord)) AS log_return
      FROM oracle_verdicts WHERE in_order
      WINDOW recent AS (PARTITION BY symbol ORDER BY ord ROWS BETWEEN ${silverRows - 1} PRECEDING AND CURRENT ROW))
    SELECT v.*, f.sma, f.volatility, f.log_return
    FROM oracle_verdicts v LEFT JOIN features f USING (ord)
    ORDER BY ord`;
}

function windowsSql({ windowUs, slideUs }: OracleSettings): string {
  const starts = `unnest(range(0, ${windowUs}, ${slideUs}))`;
  return `
    CREATE OR REPLACE TABLE oracle_windows AS
    WITH member AS (
      SELECT *, (t // ${slideUs}) * ${slideUs} - ${starts} AS window_start FROM oracle_ticks WHERE verdict = 'accepted')
    SELECT symbol, window_start, window_start + ${windowUs} AS window_end, count(*) AS ticks, avg(price) AS sma,
      CASE WHEN count(*) > 1 AND min(price) = max(price) THEN 0 ELSE stddev_samp(price) END AS volatility,
      min(lane_offset) AS first_offset, max(lane_offset) AS last_offset
    FROM member WHERE t < window_start + ${windowUs} GROUP BY symbol, window_start ORDER BY ALL`;
}

function barsSql({ intervals }: OracleSettings): string {
  const names = Object.entries(intervals).map(([name, us]) => `('${name}', ${us})`);
  return `
    CREATE OR REPLACE TABLE oracle_bars AS
    WITH member AS (
      SELECT ticks.*, interval, (t // us) * us AS start
      FROM oracle_ticks ticks, (VALUES ${names.join(', ')}) AS intervals(interval, us) WHERE verdict = 'accepted')
    SELECT symbol, interval, start, count(*) AS ticks,
      first(price ORDER BY t, ord) AS open, max(price) AS high, min(price) AS low, last(price ORDER BY t, ord) AS close,
      sum(size) AS volume, CASE WHEN sum(size) > 0 THEN sum(price * size) / sum(size) END AS vwap,
      min(lane_offset) AS first_offset, max(lane_offset) AS last_offset
    FROM member GROUP BY symbol, interval, start ORDER BY ALL`;
}

function metricsSql(): string {
  return `
    CREATE OR REPLACE TABLE oracle_metrics AS
    WITH accepted AS (SELECT * FROM oracle_ticks WHERE verdict = 'accepted'),
    ever AS (
      SELECT symbol, count(*) AS ticks, avg(sma) AS avg_sma, avg(volatility) AS avg_volatility,
        max(t) // ${DAY_US} AS day, last(price ORDER BY ord) FILTER (WHERE in_order) AS last_price
      FROM accepted GROUP BY symbol),
    today AS (SELECT accepted.* FROM accepted JOIN ever USING (symbol) WHERE t // ${DAY_US} = day),
    sums AS (
      SELECT symbol, max(price) AS high, min(price) AS low, sum(size) AS volume,
        CASE WHEN sum(size) > 0 THEN sum(price * size) / sum(size) END AS vwap
      FROM today GROUP BY symbol),
    steps AS (
      SELECT symbol, ln(price / lag(price) OVER path) AS r, price / max(price) OVER path - 1 AS drawdown
      FROM today WHERE in_order WINDOW path AS (PARTITION BY symbol ORDER BY ord)),
    paths AS (
      SELECT symbol, sqrt(sum(r * r)) AS realized_volatility, min(drawdown) AS max_drawdown FROM steps GROUP BY symbol)
    SELECT * EXCLUDE day FROM ever JOIN sums USING (symbol) JOIN paths USING (symbol) ORDER BY symbol`;
}
