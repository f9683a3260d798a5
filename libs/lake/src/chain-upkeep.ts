import { join } from 'node:path';
import type { TableSchema } from '@engine/medallion';
import { walkFolder } from './chain-walk.js';
import type { ChainWalk, Footers, WalkedSegment } from './chain-walk.js';
import { planCompaction, tailOf } from './compaction-plan.js';
import type { CompactionLimits } from './compaction-plan.js';
import { CoveredFiles } from './covered-files.js';
import { errorCode } from './lake-files.js';
import type { FileFacts, LakeFiles } from './lake-files.js';
import { mergedFooter } from './merged-footer.js';
import { planFloor } from './retention-plan.js';
import { MergeTooLargeError } from './segment-merger.js';
import type { SegmentMerger } from './segment-merger.js';
import { compactedName, floorName } from './segment-names.js';
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
    const compaction = await this.#compact(walk, nowMs);
    const removed = await this.#covered.remove(walk, nowMs - this.rules.graceMs);
    return {
      segments: walk.segments.length,
      compactedSegments: walk.segments.length - tailOf(walk).length,
      bytes: walk.segments.reduce((sum, segment) => sum + this.#factsOf(segment).bytes, 0),
      compaction,
      floor,
      removed,
    };
  }

  async #retire(walk: ChainWalk, nowMs: number): Promise<number | undefined> {
    const { retentionMs } = this.rules;
    if (retentionMs === null) return undefined;
    const isOld = (segment: WalkedSegment): boolean =>
      nowMs - this.#factsOf(segment).modifiedMs >= retentionMs;
    const floor = planFloor(walk, isOld);
    if (floor === undefined) return undefined;
    const temporary = this.#temporaries.newPath();
    await this.tools.files.touch(temporary);
    await this.#name(temporary, floorName(floor));
    return floor;
  }

  async #compact(walk: ChainWalk, nowMs: number): Promise<Compaction | undefined> {
    const { compaction } = this.rules;
    if (compaction === null) return undefined;
    const fileOf = (segment: WalkedSegment): { bytes: number; ageMs: number } => {
      const { bytes, modifiedMs } = this.#factsOf(segment);
      return { bytes, ageMs: nowMs - modifiedMs };
    };
    const segments = planCompaction(walk, fileOf, compaction);
    return segments.length === 0 ? undefined : this.#mergeWhatFits(segments);
  }

  /** How many rows fit into memory depends on what is in them: only trying tells. */
  async #mergeWhatFits(segments: readonly WalkedSegment[]): Promise<Compaction | undefined> {
    try {
      return await this.#merge(segments);
    } catch (error) {
      if (!(error instanceof MergeTooLargeError) || segments.length === 1) throw error;
      return this.#mergeWhatFits(segments.slice(0, Math.ceil(segments.length / 2)));
    }
  }

  async #merge(segments: readonly WalkedSegment[]): Promise<Compaction | undefined> {
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
    if (!(await this.#name(temporary, compactedName(footer.first)))) return undefined;
    const bytesBefore = segments.reduce((sum, segment) => sum + this.#factsOf(segment).bytes, 0);
    const { first, next, rows } = footer;
    return { first, next, rows, files: segments.length, bytesBefore, bytesAfter };
  }

  /** Durably; false where another owner was first. Put-if-absent, and the end not in the name: two never overlap (F3). */
  async #name(temporary: string, name: string): Promise<boolean> {
    const { files } = this.tools;
    try {
      await files.link(temporary, join(this.folder, name));
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      return false;
    } finally {
      await this.#temporaries.discard(temporary);
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
