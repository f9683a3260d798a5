import type { GoldState } from './state.js';
import type { GoldSymbol } from './symbol.js';
import type { GoldUpdate } from './update.js';
import { barUpdate, metricsUpdate } from './update.js';

/** The unpublished bars and the symbols' metrics that got ticks since the last call (or publication), as they stand now. */
export function takeProvisional(state: GoldState): readonly GoldUpdate[] {
  const updates: GoldUpdate[] = [];
  for (const symbol of state.touched) takeTouched(state, symbol, updates);
  state.touched.clear();
  return updates;
}

function takeTouched(state: GoldState, symbol: GoldSymbol, updates: GoldUpdate[]): void {
  for (const bars of symbol.series)
    for (let at = bars.length - 1; at >= 0 && bars[at]!.endUs > symbol.barsTouchedFromUs; at--) {
      const bar = bars[at]!;
      if (!bar.touched) continue;
      bar.touched = false;
      updates.push(barUpdate(bar, state.at));
    }
  if (symbol.touched) updates.push(metricsUpdate(symbol, symbol.newestUs, state.at));
  symbol.touched = false;
  symbol.barsTouchedFromUs = Infinity;
}

/**
 * Every unpublished bar and every symbol's metrics: after a restart, when nobody knows what was shown. They may be many, so they
 * come symbol by symbol, each as it stands when it is asked for; there may be an `apply` between two.
 */
export function* allProvisional(state: GoldState): Generator<readonly GoldUpdate[], void, undefined> {
  for (const symbol of [...state.symbols.values()])
    if (state.symbols.get(symbol.name) === symbol) yield provisionalOf(state, symbol);
}

function provisionalOf(state: GoldState, symbol: GoldSymbol): readonly GoldUpdate[] {
  const updates: GoldUpdate[] = [];
  for (const bars of symbol.series)
    for (const bar of bars) if (bar.phase !== 'final') updates.push(barUpdate(bar, state.at));
  updates.push(metricsUpdate(symbol, symbol.newestUs, state.at));
  return updates;
}
