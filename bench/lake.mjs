import { laneOf } from '@engine/medallion';
import { LakeMaker, testSettings } from '../libs/verify/dist/testing.js';

const LANES = 4;
const BATCH = 2_000;
const SEGMENT = 200_000;

/** The settings of the lakes made here. */
export const settings = { ...testSettings(), lanes: LANES };

/** A lake of ticks made by running the layers straight into it, without a log: 1,000 ticks a second of event time. */
export async function makeLake(folder, { ticks, symbols }) {
  const maker = await LakeMaker.open({ folder, settings });
  const market = marketOf(symbols);
  const offsets = new Array(LANES).fill(0);
  for (let at = 0; at < ticks; at += BATCH) {
    maker.add(recordsFrom(at, Math.min(BATCH, ticks - at), offsets, market));
    if ((at + BATCH) % SEGMENT === 0) await maker.publish();
  }
  await maker.publish();
  maker.close();
}

function marketOf(count) {
  const symbols = Array.from({ length: count }, (_, at) => `S${at}`);
  return symbols.map((symbol) => ({ symbol, lane: laneOf(symbol, LANES) }));
}

/** One JSON object a record, keyed. */
function recordsFrom(first, count, offsets, market) {
  return Array.from({ length: count }, (_, at) => {
    const row = first + at;
    const { symbol, lane } = market[(row * 7919) % market.length];
    const timeMs = 1_700_000_000_000 + row;
    const price = Number((100 + Math.sin(row / 1000) + (row % 7) / 100).toFixed(4));
    const tick = { ticker: symbol, price, timestamp: timeMs, size: (row % 500) + 1, id: row };
    const value = Buffer.from(JSON.stringify(tick));
    return { partition: lane, offset: offsets[lane]++, timeMs, key: Buffer.from(symbol), value };
  });
}
