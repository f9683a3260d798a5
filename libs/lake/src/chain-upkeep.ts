import { join } from 'node:path';
import type { TableSchema } from '@engine/medallion';
import { walkFolder } from './chain-walk.js';
import type { ChainWalk, Footers, WalkedSegment } from './chain-walk.js';
import { planCompaction } from './compaction-plan.js';
import type { CompactionLimits } from './compaction-plan.js';
import { CoveredFiles } from './covered-files.js';
import { errorCode } from './lake-files.js';
import type { FileFacts, LakeFiles } from './lake-files.js';
import { mergedFooter } from './merged-footer.js';
import { retiredSegments } from './retention-plan.js';
import { MergeTooLargeError } from './segment-merger.js';
import type { SegmentMerger } from './segment-merger.js';
import { compactedName, floorName, TOP_LEVEL } from './segment-names.js';
import { TemporaryFolder } from './temporary-folder.js';

export interface UpkeepRules {
  /** null: nothing is compacted. */
  readonly compaction: CompactionLimits | null;
  /** Age of a compacted segment, counted from when it was written, before its rows go; null: they stay. */
  readonly retentionMs: number | null;
  /** How long files stay that no walk comes to any more: longer than the longest read. */
  readonly graceMs: number;
}

export interface UpkeepTools {
  readonly files: LakeFiles;
  readonly footers: Footers;
  readonly merger: SegmentMerger;
}

/** Segments that became one. */
export interface Compaction {
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  readonly files: number;
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** A chain as it was found, and what was done about it. */
export interface UpkeepReport {
  /** Files that a walk comes to. */
  readonly segments: number;
  readonly compactedSegments: number;
  readonly bytes: number;
  readonly compaction: Compaction | undefined;
  /** Where the floor was moved to. */
  readonly floor: number | undefined;
  /** Files that were removed. */
  readonly removed: number;
}

/**
 * Looks after one table's chain in one lane, beside its publisher and without a word to it: whatever is done here is safe
 * for any number of owners at once that all believe the lane is theirs.
 */
export class ChainUpkeep {
  readonly #temporaries: TemporaryFolder;
  readonly #covered: CoveredFiles;
  /** By path. A segment never changes. */
  #facts = new Map<string, FileFacts>();

  constructor(
    private readonly table: TableSchema,
    private readonly folder: string,
    private readonly tools: UpkeepTools,
    private readonly rules: UpkeepRules,
  ) {
    this.#temporaries = new TemporaryFolder(tools.files, folder);
    this.#covered = new CoveredFiles(tools.files, folder);
  }

  /** Moves the floor, compacts once, and removes what has had its grace; each where it is due. */
  async tend(): Promise<UpkeepReport> {
    await this.#temporaries.prepare();
    const { files, footers } = this.tools;
    const walk = await walkFolder(files, this.folder, footers);
    await this.#learn(walk);
    const nowMs = await this.#now();
    const floor = await this.#retire(walk, nowMs);
    const compaction = floor === undefined ? await this.#compact(walk, nowMs) : undefined;
    const removed = await this.#covered.remove(walk, nowMs - this.rules.graceMs);
    return {
      segments: walk.segments.length,
      compactedSegments: walk.segments.filter(({ level }) => level > 0).length,
      bytes: walk.segments.reduce((sum, segment) => sum + this.#factsOf(segment).bytes, 0),
      compaction,
      floor,
      removed,
    };
  }

  /**
   * Moves the floor to the end of segments that are of the top level by then (F5): any other end may yet lie within a
   * segment of a higher level, and what begins there be gone.
   */
  async #retire(walk: ChainWalk, nowMs: number): Promise<number | undefined> {
    const { retentionMs } = this.rules;
    if (retentionMs === null) return undefined;
    const isOld = (segment: WalkedSegment): boolean =>
      nowMs - this.#factsOf(segment).modifiedMs >= retentionMs;
    const retired = retiredSegments(walk, isOld);
    for (const segment of retired) if (!(await this.#raise(segment, TOP_LEVEL))) return undefined;
    const floor = retired.at(-1)?.footer.next;
    if (floor === undefined) return undefined;
    const temporary = this.#temporaries.newPath();
    await this.tools.files.touch(temporary);
    await this.#nameOnly(temporary, floorName(floor));
    return floor;
  }

  async #compact(walk: ChainWalk, nowMs: number): Promise<Compaction | undefined> {
    const { compaction, retentionMs } = this.rules;
    if (compaction === null) return undefined;
    const limits = retentionMs === null ? compaction : { settledMs: compaction.maxAgeMs, ...compaction };
    const fileOf = (segment: WalkedSegment): { bytes: number; ageMs: number } => {
      const { bytes, modifiedMs } = this.#factsOf(segment);
      return { bytes, ageMs: nowMs - modifiedMs };
    };
    const segments = planCompaction(walk, fileOf, limits);
    const [first] = segments;
    if (first === undefined) return undefined;
    const before = walk.segments[walk.segments.indexOf(first) - 1];
    return this.#mergeWhatFits(segments, before?.level ?? TOP_LEVEL);
  }

  /** How many rows fit into memory depends on what is in them: only trying tells. `highest`: the level of what lies before. */
  async #mergeWhatFits(segments: readonly WalkedSegment[], highest: number): Promise<Compaction | undefined> {
    const [first, second] = segments;
    if (first === undefined) throw new RangeError('Nothing to compact');
    // It is in order already: all it needs is another name.
    if (second === undefined && first.level > 0) return this.#compactedAlone(first, highest);
    try {
      return await this.#merge(segments, first.level + 1);
    } catch (error) {
      if (!(error instanceof MergeTooLargeError) || segments.length === 1) throw error;
      return this.#mergeWhatFits(segments.slice(0, Math.ceil(segments.length / 2)), highest);
    }
  }

  async #compactedAlone(segment: WalkedSegment, level: number): Promise<Compaction | undefined> {
    if (!(await this.#raise(segment, level))) return undefined;
    const { first, next, rows } = segment.footer;
    const { bytes } = this.#factsOf(segment);
    return { first, next, rows, files: 1, bytesBefore: bytes, bytesAfter: bytes };
  }

  async #merge(segments: readonly WalkedSegment[], level: number): Promise<Compaction | undefined> {
    const { files, merger } = this.tools;
    const footer = mergedFooter(segments.map((segment) => segment.footer));
    const temporary = this.#temporaries.newPath();
    let bytesAfter: number;
    try {
      const paths = segments.map(({ path }) => path);
      await merger.merge(this.table, paths, footer, temporary);
      await files.syncFile(temporary);
      bytesAfter = (await files.facts(temporary)).bytes;
    } catch (error) {
      await this.#temporaries.discard(temporary);
      throw error;
    }
    if (!(await this.#nameOnly(temporary, compactedName(footer.first, level)))) return undefined;
    const bytesBefore = segments.reduce((sum, segment) => sum + this.#factsOf(segment).bytes, 0);
    const { first, next, rows } = footer;
    return { first, next, rows, files: segments.length, bytesBefore, bytesAfter };
  }

  /**
   * Gives a compacted segment the name of a higher level too; all before it must be of that level at least. It is named at each level in
   * between, since whoever compacts across its end has one of these names, or finds it taken. False: somebody else has one.
   */
  async #raise({ level, footer: { first } }: WalkedSegment, to: number): Promise<boolean> {
    for (let at = level; at < to; at++) {
      const own = join(this.folder, compactedName(first, at));
      if (!(await this.#name(own, compactedName(first, at + 1)))) return false;
    }
    return true;
  }

  /** In the place of its temporary name. */
  async #nameOnly(temporary: string, name: string): Promise<boolean> {
    return this.#name(temporary, name).finally(() => this.#temporaries.discard(temporary));
  }

  /** Durably; false where another owner was first. Put-if-absent, and the end not in the name: two never overlap (F3). */
  async #name(path: string, name: string): Promise<boolean> {
    const { files } = this.tools;
    try {
      await files.link(path, join(this.folder, name));
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      return false;
    }
    await files.syncFolder(this.folder);
    return true;
  }

  async #learn(walk: ChainWalk): Promise<void> {
    const facts = new Map<string, FileFacts>();
    for (const { path } of walk.segments)
      facts.set(path, this.#facts.get(path) ?? (await this.tools.files.facts(path)));
    this.#facts = facts;
  }

  #factsOf({ path }: WalkedSegment): FileFacts {
    const facts = this.#facts.get(path);
    if (facts === undefined) throw new Error(`${path} is not on the walk`);
    return facts;
  }

  /** By the clock of the file system, which is the one that dates the files. */
  async #now(): Promise<number> {
    const temporary = this.#temporaries.newPath();
    await this.tools.files.touch(temporary);
    try {
      return (await this.tools.files.facts(temporary)).changedMs;
    } finally {
      await this.#temporaries.discard(temporary);
    }
  }
}
