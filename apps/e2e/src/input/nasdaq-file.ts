import { literal } from '../support/duck.js';

/** An hour of trades as Yahoo streams them, among the real data. */
export const NASDAQ_FILE = 'trades/nasdaq-2023-09-05.csv';
export const NASDAQ_TICKS = 14_842;

/** Makes the oracle's `input` table. `dayVolume` is cumulative: a tick's size is its increase per ticker. */
export const readNasdaqFile = (file: string): string => `
  CREATE TABLE input AS
  WITH numbered AS (
    SELECT row_number() OVER () AS ord, id AS symbol, epoch_us("timestamp") AS t, price, "dayVolume" AS volume
    FROM read_csv(${literal(file)}, header = true,
      types = {'timestamp': 'TIMESTAMPTZ', 'price': 'DOUBLE', 'dayVolume': 'DOUBLE'})),
  stepped AS (SELECT *, lag(volume) OVER (PARTITION BY symbol ORDER BY ord) AS before FROM numbered)
  SELECT ord, symbol, t, price, CASE WHEN volume >= before THEN volume - before END AS size FROM stepped ORDER BY ord`;
