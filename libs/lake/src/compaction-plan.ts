import type { ChainWalk, WalkedSegment } from './chain-walk.js';
import { TOP_LEVEL } from './segment-names.js';

/** When segments are compacted. */
export interface CompactionLimits {
  /** A compacted segment is made of so many bytes of segments, as they lie on the disk. Default 128 MiB. */
  readonly maxBytes: number;
  /** No segment waits for longer than this to be compacted for the first time. Default a day. */
  readonly maxAgeMs: number;
  /** What was compacted longer ago is not written again: to retention its rows would be new. Default: it is, however old. */
  readonly settledMs?: number;
  /** So many segments of one level are enough for one of the level above. Default 5. */
  readonly minFiles: number;
}

export const COMPACTION_LIMITS: CompactionLimits = {
  maxBytes: 128 * 1024 ** 2,
  maxAgeMs: 86_400_000,
  minFiles: 5,
};

/** What the plan has to know of a segment's file. */
export interface SegmentFile {
  readonly bytes: number;
  readonly ageMs: number;
}

/** So many published rows, which lie in no order yet, are sorted at most: each range of them is looked for among all. */
const MOST_UNSORTED_ROWS = 500_000;

type FileOf = (segment: WalkedSegment) => SegmentFile;

/**
 * The segments that are to be one of the level above next, of the highest level at which some are due; none where it is too
 * early. They are whole segments of one level, the first ones behind those of the levels above it, and no others (F4). So
 * the segments of each level follow on each other from the chain's start, as published ones do, and the ends of a level are
 * ends of all the levels below it: no two that compact at once, at whatever levels, cut into one another.
 */
export function planCompaction(
  { segments }: ChainWalk,
  fileOf: FileOf,
  limits: CompactionLimits,
): readonly WalkedSegment[] {
  for (let level = TOP_LEVEL - 1; level >= 0; level--) {
    const run = runOf(segments, level, fileOf, limits);
    if (isDue(run, segments, fileOf, limits)) return run;
  }
  return [];
}

/** Only what says the same of itself can be one file: `verify` judges by a segment's rules, readers go by its columns. */
function runOf(
  segments: readonly WalkedSegment[],
  level: number,
  fileOf: FileOf,
  limits: CompactionLimits,
): readonly WalkedSegment[] {
  const isDone = (segment: WalkedSegment): boolean => isFinished(segment, fileOf(segment), limits);
  const start = segments.findIndex((segment) => segment.level <= level);
  const run: WalkedSegment[] = [];
  let bytes = 0;
  let rows = 0;
  for (const segment of start < 0 ? [] : segments.slice(start)) {
    const [first] = run;
    if (segment.level !== level || (first !== undefined && !isSameKind(first, segment))) break;
    if (first !== undefined && (bytes >= limits.maxBytes || isDone(first) || isDone(segment))) break;
    if (level === 0 && rows >= MOST_UNSORTED_ROWS) break;
    run.push(segment);
    rows += segment.footer.rows;
    bytes += fileOf(segment).bytes;
  }
  return run;
}

/** Half as large as one may be, it is not written again for the sake of some small ones. */
const isFinished = (
  { level }: WalkedSegment,
  { bytes, ageMs }: SegmentFile,
  { maxBytes, settledMs = Infinity }: CompactionLimits,
): boolean => bytes >= maxBytes / 2 || (level > 0 && ageMs >= settledMs);

function isDue(
  run: readonly WalkedSegment[],
  segments: readonly WalkedSegment[],
  fileOf: FileOf,
  limits: CompactionLimits,
): boolean {
  const { maxBytes, maxAgeMs, minFiles } = limits;
  const [first] = run;
  if (first === undefined) return false;
  const following = segments[segments.indexOf(first) + run.length];
  // Nothing can be added any more: it is large enough, or what follows is of another kind.
  const isComplete =
    following !== undefined && (following.level === first.level || !isSameKind(first, following));
  const bytes = run.reduce((sum, segment) => sum + fileOf(segment).bytes, 0);
  const isOld = first.level === 0 && fileOf(first).ageMs >= maxAgeMs;
  const isFull = bytes >= maxBytes || isFinished(first, fileOf(first), limits);
  return isComplete || isFull || isOld || run.length >= minFiles;
}

const isSameKind = ({ footer: one }: WalkedSegment, { footer: other }: WalkedSegment): boolean =>
  one.schema === other.schema && one.rules === other.rules && one.topic === other.topic;
