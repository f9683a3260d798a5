import type { SegmentFooter } from '@engine/lake/ports';

/** How far a layer is in one of its lanes. */
export interface LaneStatus {
  readonly lane: number;
  /** Offset at which the lane's input ends now. */
  readonly inputEnd: number;
  /** Records below this offset have been processed. */
  readonly position: number;
  /** Everything that was sent on because of records below `position` is acknowledged. */
  readonly acknowledged: boolean;
  readonly watermarkUs: number | null;
  readonly symbols: number;
  /** Ticks by verdict of all records below `position` (bronze: of those this instance has processed). */
  readonly verdicts: Readonly<Record<string, number>>;
  /** Per table, the input offset up to which segments are published. */
  readonly published: Readonly<Record<string, number>>;
  readonly lastSegment: (Pick<SegmentFooter, 'first' | 'next' | 'rows'> & { readonly table: string }) | null;
}

/** Adds the counts of `more` to `total`. */
export function addVerdicts(total: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [verdict, count] of more) total.set(verdict, (total.get(verdict) ?? 0) + count);
}
