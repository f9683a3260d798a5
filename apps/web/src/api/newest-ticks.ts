import type { List, Tick } from '@engine/contracts/api';
import { SHOWN_TICKS } from '../core/newest-ticks.js';
import { getJson, pathOf } from './get-json.js';

/** The newest ticks of a symbol, refused ones too. */
export async function newestTicks(symbol: string, signal: AbortSignal): Promise<readonly Tick[]> {
  const path = pathOf('/api/ticks', { symbol, order: 'desc', limit: SHOWN_TICKS });
  return (await getJson<List<Tick>>(path, signal)).items;
}
