import type { Tick } from '@engine/contracts/api';

/** So many are shown. */
export const SHOWN_TICKS = 50;

/** Names a tick of a symbol for ever; all ticks of a symbol are in one lane. */
export const tickKey = ({ lane_offset, lane_index }: Tick): string => `${lane_offset}.${lane_index}`;

/** The newest ticks of both, newest first, none twice: of two, the one that the lake has says more. */
export function mergeTicks(known: readonly Tick[], news: readonly Tick[]): readonly Tick[] {
  const byKey = new Map(known.map((tick) => [tickKey(tick), tick]));
  for (const tick of news) {
    const before = byKey.get(tickKey(tick));
    if (before === undefined || (tick.stored && !before.stored)) byKey.set(tickKey(tick), tick);
  }
  return [...byKey.values()].sort(newestFirst).slice(0, SHOWN_TICKS);
}

const newestFirst = (one: Tick, other: Tick): number =>
  other.lane_offset - one.lane_offset || other.lane_index - one.lane_index;
