import { scrape } from './app-metrics.js';

/** The lanes that a layer's app has, and how far it has come in each, as its metrics say; none where it does not answer. */
export async function positionsAt(url: string): Promise<ReadonlyMap<number, number>> {
  return positionsIn(await scrape(url));
}

export function positionsIn(metrics: string): ReadonlyMap<number, number> {
  const lines = [...metrics.matchAll(/^engine_position_offset\{.*lane="(\d+)".*\} (\d+)$/gm)];
  const positions = lines.map(([, lane, position]): [number, number] => [Number(lane), Number(position)]);
  return new Map(positions.sort(([a], [b]) => a - b));
}
