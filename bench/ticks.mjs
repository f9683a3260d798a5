import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** Ticks of some symbols, 1,000 a second of event time, as JSON lines. `from`: how many have gone before in other files. */
export async function writeTicks(file, { ticks, symbols, from = 0 }) {
  const out = createWriteStream(file);
  const price = new Float64Array(symbols).fill(100);
  for (let row = from; row < from + ticks; row++) {
    const symbol = (row * 7919) % symbols;
    price[symbol] += Math.sin(row) * 0.01;
    const tick = {
      ticker: `S${symbol}`,
      price: Number(price[symbol].toFixed(4)),
      timestamp: 1_700_000_000_000 + row,
      size: (row % 500) + 1,
      id: row,
    };
    if (!out.write(`${JSON.stringify(tick)}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}
