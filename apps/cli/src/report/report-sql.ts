/** Ties in event time are the rule: this is the order that gold's open and close follow. */
const ORDER = '(event_time, lane_offset, lane_index)';

const placeholders = (count: number, one = '?'): string =>
  Array.from({ length: count }, () => one).join(', ');

/**
 * A row per symbol, the most traded first; `symbols` is how many there are in all.
 * Parameters: the symbols asked for (none: all), the number of rows.
 */
export const figuresSql = (asked: number): string => `
  SELECT symbol, count(*)::DOUBLE AS ticks, (count(*) OVER ())::DOUBLE AS symbols,
    epoch_us(min(event_time))::DOUBLE AS first_us, epoch_us(max(event_time))::DOUBLE AS last_us,
    arg_min(price, ${ORDER}) AS open, arg_max(price, ${ORDER}) AS close, max(price) AS high, min(price) AS low,
    sum(size) AS volume, sum(price * size) / nullif(sum(size), 0) AS vwap
  FROM silver_ticks
  WHERE verdict = 'accepted' ${asked === 0 ? '' : `AND symbol IN (${placeholders(asked)})`}
  GROUP BY symbol ORDER BY ticks DESC, symbol LIMIT ?`;

/** Gold's newest averages. Parameters: the symbols. */
export const averagesSql = (symbols: number): string => `
  SELECT symbol, arg_max(avg_sma, as_of) AS avg_sma, arg_max(avg_volatility, as_of) AS avg_volatility
  FROM gold_metrics WHERE symbol IN (${placeholders(symbols)}) GROUP BY symbol`;

/** Points of all symbols, each symbol's in the order of time. Parameters: symbol and stretch (µs), for each. */
export const pointsSql = (symbols: number): string => `
  WITH stretch(symbol, us) AS (VALUES ${placeholders(symbols, '(?, ?)')}),
  point AS (
    SELECT symbol, (epoch_us(event_time) // us) * us AS start_us, arg_max(price, ${ORDER}) AS close,
      max(price) AS high, sum(size) AS volume,
      arg_max(sma, ${ORDER}) FILTER (in_order) AS sma, arg_max(volatility, ${ORDER}) FILTER (in_order) AS volatility
    FROM silver_ticks JOIN stretch USING (symbol)
    WHERE verdict = 'accepted' GROUP BY symbol, start_us)
  SELECT symbol, start_us::DOUBLE AS start_us, close, sma, volatility, volume,
    close / max(high) OVER (PARTITION BY symbol ORDER BY start_us) - 1 AS drawdown
  FROM point ORDER BY symbol, start_us`;

/** Per interval of gold's bars, how many starts the symbols have between them. Parameters: the symbols. */
export const intervalsSql = (symbols: number): string => `
  SELECT "interval", count(DISTINCT "start")::DOUBLE AS starts
  FROM gold_bars WHERE symbol IN (${placeholders(symbols)}) GROUP BY "interval"`;

/** Every pair both ways; pairs without a common bar have no row. Parameters: the symbols, the intervals. */
export const correlationSql = (symbols: number, intervals: number): string => `
  WITH move AS (
    SELECT symbol, "interval", "start",
      ln(close / lag(close) OVER (PARTITION BY symbol, "interval" ORDER BY "start")) AS log_return
    FROM gold_bars_current
    WHERE symbol IN (${placeholders(symbols)}) AND "interval" IN (${placeholders(intervals)}))
  SELECT x."interval", x.symbol AS a, y.symbol AS b, count(*)::DOUBLE AS bars, corr(x.log_return, y.log_return) AS "value"
  FROM move x JOIN move y ON x."interval" = y."interval" AND x."start" = y."start" AND x.symbol <> y.symbol
  WHERE x.log_return IS NOT NULL AND y.log_return IS NOT NULL
  GROUP BY x."interval", x.symbol, y.symbol`;
