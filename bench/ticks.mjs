import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** Ticks of some symbols, 1,000 a second of event time. */
export function* ticksOf({ ticks, symbols }) {
  const price = new Float64Array(symbols).fill(100);
  for (let row = 0; row < ticks; row++) {
    const symbol = (row * 7919) % symbols;
    price[symbol] += Math.sin(row) * 0.01;
    yield {
      ticker: `S${symbol}`,
      price: Number(price[symbol].toFixed(4)),
      timestamp: 1_700_000_000_000 + row,
      size: (row % 500) + 1,
      id: row,
    };
  }
}

/** The same as JSON lines. */
export async function writeTicks(file, size) {
  const out = createWriteStream(file);
  for (const tick of ticksOf(size)) if (!out.write(`${JSON.stringify(tick)}\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'close');
}
