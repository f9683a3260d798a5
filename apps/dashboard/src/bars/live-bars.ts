import type { BarUpdate } from '@engine/medallion';
import type { LiveBar } from '../live/live-bar.js';
import { compareBars } from './bar.js';
import type { Bar } from './bar.js';
import type { BarsQuery } from './bars-query.dto.js';

/** The updates' part of the answer: revisions that may not be in the lake yet, open bars unless the past is asked for. */
export function liveBars(query: BarsQuery, bars: ReadonlyMap<number, LiveBar>): readonly BarUpdate[] {
  return [...bars.values()]
    .filter(({ start }) => start >= (query.from ?? -Infinity) && start < (query.to ?? Infinity))
    .flatMap((bar) => revisionsOf(bar, query.as_of))
    .filter((bar) => isBehindCursor(bar, query));
}

function revisionsOf({ published, provisional }: LiveBar, asOf: number | undefined): readonly BarUpdate[] {
  const known = [...published.values()];
  if (asOf !== undefined) return known.filter(({ closed_at }) => closed_at !== null && closed_at <= asOf);
  return provisional === undefined ? known : [...known, provisional];
}

function isBehindCursor(bar: BarUpdate, { cursor, revisions, order }: BarsQuery): boolean {
  if (cursor === undefined) return true;
  const direction = order === 'asc' ? 1 : -1;
  if (bar.start !== cursor.start) return (bar.start - cursor.start) * direction > 0;
  return revisions === 'all' && (bar.revision - cursor.revision) * direction > 0;
}

/**
 * What the lake has and what the updates say, in the order asked for. The same revision of a bar in both: the lake's, so
 * that a closed bar shown is the one stored (and an open one that was told of before it closed is gone).
 */
export function mergeBars(
  stored: readonly Bar[],
  live: readonly Bar[],
  { revisions, order }: Pick<BarsQuery, 'revisions' | 'order'>,
): readonly Bar[] {
  const byKey = new Map<string, Bar>();
  for (const bar of [...live, ...stored]) byKey.set(`${bar.start}.${bar.revision}`, bar);
  const ordered = [...byKey.values()].sort(compareBars);
  const wanted =
    revisions === 'all' ? ordered : ordered.filter((bar, at) => ordered[at + 1]?.start !== bar.start);
  return order === 'asc' ? wanted : wanted.reverse();
}
