import type { Tick } from '@engine/contracts/api';
import { silverTicks } from '@engine/medallion';
import { present } from '../lake/present.js';
import type { HeardTick } from './live-ticks.js';

/** A row of silver/ticks, or what was heard of it before it was stored; times in µs since the epoch. */
export type TickRow = HeardTick & { readonly verdict: string; readonly stored: boolean };

export const heardRow = (tick: HeardTick): TickRow => ({ ...tick, verdict: 'accepted', stored: false });

export const showTick = (row: TickRow): Tick => ({
  ...(present(silverTicks, row) as unknown as Tick),
  stored: row.stored,
});
