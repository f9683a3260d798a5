import { join } from 'node:path';
import type { ChainWalk, WalkedSegment } from './chain-walk.js';
import { errorCode } from './lake-files.js';
import type { LakeFiles } from './lake-files.js';
import { parseChainName } from './segment-names.js';
import type { ChainName } from './segment-names.js';

/** Files that no walk comes to any more: those that a segment of a higher level covers, and those below the floor. */
export class CoveredFiles {
  constructor(
    private readonly files: LakeFiles,
    private readonly folder: string,
  ) {}

  /**
   * Removes what was covered, or left below the floor, before `until`: whoever began to read before that has ended (F6).
   * Says how many files that were.
   */
  async remove({ start, segments }: ChainWalk, until: number): Promise<number> {
    const names = (await this.files.list(this.folder)).flatMap((name) => parseChainName(name) ?? []);
    if (!names.some((name) => isCovered(name, start, segments))) return 0;
    const floor = await this.#floorAt(names, until);
    const standing: WalkedSegment[] = [];
    for (const segment of segments)
      if (segment.level > 0 && (await this.#stoodAt(segment.path, until))) standing.push(segment);
    const gone = names.filter((name) => isCovered(name, floor, standing));
    if (gone.length === 0) return 0;
    // What takes their place may have been named by an owner that died before it synced the name.
    await this.files.syncFolder(this.folder);
    for (const { name } of gone) await this.files.unlink(join(this.folder, name));
    return gone.length;
  }

  /** The highest floor that stood then; 0 where there was none. */
  async #floorAt(names: readonly ChainName[], until: number): Promise<number> {
    let floor = 0;
    for (const { kind, offset, name } of names)
      if (kind === 'floor' && offset > floor && (await this.#stoodAt(join(this.folder, name), until)))
        floor = offset;
    return floor;
  }

  /** By the change of status that every link makes, not by the time of writing: between the two a process may have slept. */
  async #stoodAt(path: string, until: number): Promise<boolean> {
    try {
      return (await this.files.facts(path)).changedMs <= until;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }
}

/** A segment by where it begins alone: a zombie's may reach beyond the end of what covers it, and no walk comes to it either. */
function isCovered(name: ChainName, floor: number, segments: readonly WalkedSegment[]): boolean {
  if (name.offset < floor) return true;
  if (name.kind === 'floor') return false;
  return segments.some(
    ({ level, footer: { first, next } }) => level > name.level && first <= name.offset && name.offset < next,
  );
}
