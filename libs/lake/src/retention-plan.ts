import type { ChainWalk, WalkedSegment } from './chain-walk.js';

/**
 * Where the floor goes: to the end of the last compacted segment that is old enough, as are all before it (F5); undefined:
 * it stays. The last segment of a chain stays too, however old: what its owner goes on from stands in its footer.
 */
export function planFloor(
  { segments }: ChainWalk,
  isOld: (segment: WalkedSegment) => boolean,
): number | undefined {
  const kept = segments.findIndex(
    (segment, at) => segment.level === 0 || at === segments.length - 1 || !isOld(segment),
  );
  return kept > 0 ? segments[kept - 1]?.footer.next : undefined;
}
