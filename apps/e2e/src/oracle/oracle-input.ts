import type { Duck } from '../support/duck.js';
import type { RecordedTick } from '@engine/oracle';

type PlainTick = Pick<RecordedTick, 'symbol' | 't' | 'price' | 'size' | 'laneOffset'>;

/** Makes the SQL oracle's input table of the ticks, in their order. */
export async function createTicks(duck: Duck, ticks: readonly PlainTick[]): Promise<void> {
  await duck.run(
    'CREATE OR REPLACE TABLE ticks (ord BIGINT, symbol VARCHAR, t BIGINT, price DOUBLE, size DOUBLE, lane_offset BIGINT)',
  );
  const rowsAtOnce = 1_000;
  for (let from = 0; from < ticks.length; from += rowsAtOnce) {
    const rows = ticks
      .slice(from, from + rowsAtOnce)
      .map(
        ({ symbol, t, price, size, laneOffset }, at) =>
          `(${from + at}, '${symbol}', ${t}, ${price}::DOUBLE, ${size ?? 'NULL'}, ${laneOffset})`,
      );
    await duck.run(`INSERT INTO ticks VALUES ${rows.join(', ')}`);
  }
}

/** A tick with everything that a test does not care about. */
export function tick(given: Partial<RecordedTick> & Pick<RecordedTick, 't' | 'price'>): RecordedTick {
  return {
    laneOffset: 0,
    laneIndex: 0,
    symbol: 'AAPL',
    size: null,
    source: 'test',
    id: null,
    recordTimeUs: 4e15,
    ...given,
  };
}
