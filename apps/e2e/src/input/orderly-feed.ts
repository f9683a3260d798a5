import { writeFileSync } from 'node:fs';
import { literal } from '../support/duck.js';
import { Random } from '@engine/oracle';

const START_US = 1_709_150_400_000_000;
const STEP_US = 20_000;
const SYMBOLS = ['AAPL', 'GOOGL', 'MSFT', 'TSLA', 'AMZN', 'NVDA', 'META', 'AMD'];

/** A file of single ticks as JSON lines, most in order, some out of order, a few late: what SQL can recompute. */
export function writeOrderlyFile(file: string, ticks: number, seed = 1): void {
  const random = new Random(seed);
  const lines = Array.from({ length: ticks }, (_, at) => {
    const now = START_US + at * STEP_US;
    const lag = random.chance(0.05) ? random.integer(0, 121_000_000) : 0;
    const ticker = random.pick(SYMBOLS);
    const price = random.integer(9_500, 10_500) / 100;
    const size = random.chance(0.1) ? '' : `,"size":${random.integer(0, 500)}`;
    return `{"ticker":"${ticker}","price":${price},"timestamp":${now - lag}${size},"source":"orderly"}\n`;
  });
  writeFileSync(file, lines.join(''));
}

/** Makes the oracle's `input` table of such a file. */
export function readOrderlyFile(file: string): string {
  const columns = "{ticker: 'VARCHAR', price: 'DOUBLE', timestamp: 'BIGINT', size: 'DOUBLE'}";
  return `
    CREATE TABLE input AS
    SELECT row_number() OVER () AS ord, ticker AS symbol, "timestamp" AS t, price, size
    FROM read_json(${literal(file)}, format = 'newline_delimited', columns = ${columns})`;
}
