import { join } from 'node:path';
import type { ChainWalk } from './chain-walk.js';
import { errorCode } from './lake-files.js';
import type { LakeFiles } from './lake-files.js';
import { compactedName, floorName, parseChainName } from './segment-names.js';
import type { ChainName } from './segment-names.js';

/** Files that no walk comes to any more: those a compacted segment covers, and those below the floor. */
export class CoveredFiles {
  constructor(
    private readonly files: LakeFiles,
    private readonly folder: string,
  ) {}

  /**
   * Removes what was covered, or left below the floor, before `until`: whoever began to read before that has ended (F6).
   * Says how many files that were.
   */
  async remove(walk: ChainWalk, until: number): Promise<number> {
    const names = (await this.files.list(this.folder)).flatMap((name) => parseChainName(name) ?? []);
    if (!names.some((name) => isCovered(name, { floor: walk.start, end: compactedEnd(walk) }))) return 0;
    const floor = await this.#floorAt(names, until);
    const end = await this.#compactedEndAt(walk, until);
    const gone = names.filter((name) => isCovered(name, { floor, end }));
    if (gone.length === 0) return 0;
    // What takes their place may have been named by an owner that died before it synced the name.
    await this.files.syncFolder(this.folder);
    for (const { name } of gone) await this.files.unlink(join(this.folder, name));
    return gone.length;
  }

  /** The highest floor that stood then; 0 where there was none. */
  async #floorAt(names: readonly ChainName[], until: number): Promise<number> {
    let floor = 0;
    for (const { kind, offset } of names)
      if (kind === 'floor' && offset > floor && (await this.#stoodAt(floorName(offset), until)))
        floor = offset;
    return floor;
  }

  /** Where the compacted segments ended that follow on each other from the start, as they were then. */
  async #compactedEndAt({ start, segments }: ChainWalk, until: number): Promise<number> {
    let end = start;
    for (const { level, footer } of segments) {
      if (level === 0 || !(await this.#stoodAt(compactedName(footer.first), until))) break;
      end = footer.next;
    }
    return end;
  }

  /** By the change of status that every link makes, not by the time of writing: between the two a process may have slept. */
  async #stoodAt(name: string, until: number): Promise<boolean> {
    try {
      return (await this.files.facts(join(this.folder, name))).changedMs <= until;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }
}

/** A segment by where it begins alone: a zombie's may reach beyond the end, and no walk comes to it either. */
function isCovered({ kind, offset }: ChainName, { floor, end }: { floor: number; end: number }): boolean {
  return offset < (kind === 'l0' ? Math.max(floor, end) : floor);
}

function compactedEnd({ start, segments }: ChainWalk): number {
  return segments.findLast(({ level }) => level === 1)?.footer.next ?? start;
}
