import type { ChainWalk, WalkedSegment } from './chain-walk.js';

/** When segments are compacted. */
export interface CompactionLimits {
  /** A compacted segment is made of so many bytes of segments, as they lie on the disk. Default 128 MiB. */
  readonly maxBytes: number;
  /** No segment waits for longer than this. Default a day. */
  readonly maxAgeMs: number;
  /** So many segments are enough, while the chain has no more compacted ones than that. Default 24. */
  readonly minFiles: number;
}

export const COMPACTION_LIMITS: CompactionLimits = {
  maxBytes: 128 * 1024 ** 2,
  maxAgeMs: 86_400_000,
  minFiles: 24,
};

/** What the plan has to know of a segment's file. */
export interface SegmentFile {
  readonly bytes: number;
  readonly ageMs: number;
}

/** What of a chain is not compacted yet: from the end of the compacted segments that follow on each other from its start. */
export function tailOf({ segments }: ChainWalk): readonly WalkedSegment[] {
  const first = segments.findIndex(({ level }) => level === 0);
  return first < 0 ? [] : segments.slice(first);
}

/**
 * The segments to be compacted next: the first ones of the tail, and no others (F4); none where it is too early.
 *
 * A row is compacted once, so the number of files that a walk comes to is that of compacted ones plus that of the tail. It
 * grows least where the tail may be as long as there are compacted segments: after n segments there are about 2 √(2n) files.
 */
export function planCompaction(
  walk: ChainWalk,
  fileOf: (segment: WalkedSegment) => SegmentFile,
  limits: CompactionLimits,
): readonly WalkedSegment[] {
  const tail = tailOf(walk);
  const run = upToBytes(runOfOneKind(tail), fileOf, limits.maxBytes);
  const [oldest] = run;
  if (oldest === undefined) return [];
  // Nothing can be added any more: it is large enough, or what follows is of another kind.
  const isComplete = run.length < tail.length;
  const isLarge = bytesOf(run, fileOf) >= limits.maxBytes;
  const isMany = run.length >= Math.max(limits.minFiles, walk.segments.length - tail.length);
  const isOld = fileOf(oldest).ageMs >= limits.maxAgeMs;
  return isComplete || isLarge || isMany || isOld ? run : [];
}

/** Only what says the same of itself can be one file: `verify` judges by a segment's rules, readers go by its columns. */
function runOfOneKind(tail: readonly WalkedSegment[]): readonly WalkedSegment[] {
  const [first] = tail;
  const end = tail.findIndex(
    ({ level, footer: { schema, rules, topic } }) =>
      level !== 0 ||
      schema !== first?.footer.schema ||
      rules !== first.footer.rules ||
      topic !== first.footer.topic,
  );
  return end < 0 ? tail : tail.slice(0, end);
}

function upToBytes(
  segments: readonly WalkedSegment[],
  fileOf: (segment: WalkedSegment) => SegmentFile,
  maxBytes: number,
): readonly WalkedSegment[] {
  let bytes = 0;
  const end = segments.findIndex((segment) => (bytes += fileOf(segment).bytes) >= maxBytes);
  return end < 0 ? segments : segments.slice(0, end + 1);
}

const bytesOf = (
  segments: readonly WalkedSegment[],
  fileOf: (segment: WalkedSegment) => SegmentFile,
): number => segments.reduce((sum, segment) => sum + fileOf(segment).bytes, 0);
