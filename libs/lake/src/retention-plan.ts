import type { ChainWalk, WalkedSegment } from './chain-walk.js';

/**
 * Whose rows go: the compacted segments from the start that are old enough, up to the first one that is not. The last segment
 * of a chain stays, however old: what its owner goes on from stands in its footer.
 */
export function retiredSegments(
  { segments }: ChainWalk,
  isOld: (segment: WalkedSegment) => boolean,
): readonly WalkedSegment[] {
  const kept = segments.findIndex(
    (segment, at) => segment.level === 0 || at === segments.length - 1 || !isOld(segment),
  );
  return segments.slice(0, Math.max(0, kept));
}
