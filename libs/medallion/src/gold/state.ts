import { LaneClock, RevisionBook } from '@engine/window';

import { SymbolTable } from '../symbol-table.js';
import type { GoldBar } from './bar.js';
import type { GoldSettings } from './settings.js';
import type { GoldSymbol } from './symbol.js';

/** What gold knows of one lane; changed by `apply`, but for what was touched, which `takeProvisional` empties. */
export interface GoldState {
  readonly clock: LaneClock;
  readonly symbols: SymbolTable<GoldSymbol>;
  readonly bars: RevisionBook<GoldBar>;
  /** Where in silver's input lane the newest row stands. */
  at: { lane_offset: number; lane_index: number };
  /** Symbols that got ticks since they were shown last; decides nothing. */
  readonly touched: Set<GoldSymbol>;
}

export function initialGoldState(settings: GoldSettings): GoldState {
  return {
    clock: new LaneClock(),
    symbols: new SymbolTable(settings),
    bars: new RevisionBook(settings.allowedLatenessUs),
    at: { lane_offset: -1, lane_index: -1 },
    touched: new Set(),
  };
}
