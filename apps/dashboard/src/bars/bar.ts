import type { Bar as ShownBar } from '@engine/contracts/api';
import { goldBars } from '@engine/medallion';
import type { BarState, BarUpdate, BasedOn } from '@engine/medallion';
import { present } from '../lake/present.js';

/** A row of gold/bars; times in µs since the epoch. */
export type BarRow = Omit<BarUpdate, 'type' | 'state' | keyof BasedOn>;

export interface Bar extends BarRow {
  readonly state: BarState;
}

/** A bar as the lake has it. */
export const storedBar = (row: BarRow): Bar => ({
  ...row,
  state: row.revision === 0 ? 'final' : 'corrected',
});

/** Oldest first, and of one bar the revisions in their order. */
export const compareBars = (one: BarRow, other: BarRow): number =>
  one.start - other.start || one.revision - other.revision;

/** As JSON: the columns of gold/bars, times in ISO-8601, and the state. */
export const showBar = (bar: Bar): ShownBar => ({
  ...(present(goldBars, bar) as unknown as ShownBar),
  state: bar.state,
});
