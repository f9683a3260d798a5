import type { BronzeTicks } from '../ticks.js';
import type { SilverSettings } from './settings.js';
import type { SilverState, SilverSymbol } from './state.js';

export type SilverVerdict = 'accepted' | 'duplicate' | 'late' | 'future' | 'too_many_symbols';

/** Silver's verdict on the tick at `at`, the first that applies. `symbol`: undefined when it is not in the state. Changes nothing. */
export function silverVerdict(
  state: SilverState,
  settings: SilverSettings,
  symbol: SilverSymbol | undefined,
  ticks: BronzeTicks,
  at: number,
): SilverVerdict {
  const eventTimeUs = ticks.eventTimeUs[at]!;
  if (symbol === undefined && !state.symbols.hasRoom(state.clock.us)) return 'too_many_symbols';
  if (eventTimeUs > ticks.recordTimeUs[at]! + settings.maxFutureUs) return 'future';
  if (symbol === undefined) return eventTimeUs < state.symbols.horizonUs ? 'late' : 'accepted';
  const sinceUs = symbol.newestUs - settings.allowedLatenessUs;
  if (eventTimeUs < sinceUs) return 'late';
  return symbol.trades.has(ticks, at, sinceUs) ? 'duplicate' : 'accepted';
}
