import { join } from 'node:path';
import type { TableSchema } from '@engine/medallion';
import { isAnythingAt, listChain, walkChain, walkFolder } from './chain-walk.js';
import type { ChainWalk, Footers } from './chain-walk.js';
import { checkDraft } from './draft.js';
import { errorCode } from './lake-files.js';
import type { LakeFiles } from './lake-files.js';
import { namingIoErrors } from './lake-io.error.js';
import { Chain, ChainMovedError } from './ports.js';
import type { SegmentDraft, SegmentFooter } from './ports.js';
import { floorName, segmentName } from './segment-names.js';
import { TemporaryFolder } from './temporary-folder.js';

/** Writes a segment to a path of the lake's file system, not yet synced, and returns the footer that stands in the file. */
export interface DraftWriter {
  write(table: TableSchema, first: number, draft: SegmentDraft, path: string): Promise<SegmentFooter>;
}

/** What the chains of one lake share. */
export interface ChainTools {
  readonly files: LakeFiles;
  readonly writer: DraftWriter;
  readonly footers: Footers;
}

/** A written segment on its way to its name. After a failure nobody knows whether it has got it. */
interface Attempt {
  readonly temporary: string;
  readonly footer: SegmentFooter;
}

/** A chain of files in a lane's folder; what stands in them is the tools' business. */
export class DuckDbChain extends Chain {
  #end = 0;
  #lastFooter: SegmentFooter | undefined;
  #attempts: Attempt[] = [];
  readonly #temporaries: TemporaryFolder;

  private constructor(
    readonly table: TableSchema,
    readonly lane: number,
    private readonly folder: string,
    private readonly tools: ChainTools,
  ) {
    super();
    this.#temporaries = new TemporaryFolder(tools.files, folder);
  }

  static async open(
    table: TableSchema,
    lane: number,
    folder: string,
    tools: ChainTools,
  ): Promise<DuckDbChain> {
    const chain = new DuckDbChain(table, lane, folder, tools);
    await chain.#temporaries.prepare();
    await chain.#walk();
    // Whoever published before may have died between naming a segment and syncing its name.
    if (chain.end > 0) await tools.files.syncFolder(folder);
    return chain;
  }

  get end(): number {
    return this.#end;
  }

  get lastFooter(): SegmentFooter | undefined {
    return this.#lastFooter;
  }

  startAt(offset: number): Promise<void> {
    return namingIoErrors(this.folder, () => this.#startAt(offset));
  }

  publish(draft: SegmentDraft): Promise<SegmentFooter> {
    return namingIoErrors(this.folder, () => this.#publish(draft));
  }

  async #startAt(offset: number): Promise<void> {
    if (offset === this.#end) return;
    if (this.#lastFooter !== undefined || offset < this.#end)
      throw new RangeError(`${this.#where} stands at ${this.#end} and cannot start at ${offset}`);
    const temporary = this.#temporaries.newPath();
    await this.tools.files.touch(temporary);
    // A floor carries nothing but its name: one that exists is as good as one's own.
    await this.#linkUnlessTaken(temporary, floorName(offset));
    await this.tools.files.syncFolder(this.folder);
    await this.#temporaries.discard(temporary);
    const { end } = await this.#walk();
    if (end !== offset) throw new ChainMovedError(this.table.name, this.lane, offset);
  }

  async #publish(draft: SegmentDraft): Promise<SegmentFooter> {
    checkDraft(this, draft);
    await this.#discardFailedAttempts();
    const written = await this.#write(draft);
    this.#attempts.push(written);
    const isOurs = await this.#claim(written.footer, written.temporary);
    const isPassedBy = isOurs && (await this.#isPassedBy(written.footer.first));
    await this.#discardAttempts();
    if (!isOurs || isPassedBy) throw new ChainMovedError(this.table.name, this.lane, this.#end);
    this.#end = written.footer.next;
    this.#lastFooter = written.footer;
    return written.footer;
  }

  async #write(draft: SegmentDraft): Promise<Attempt> {
    const temporary = this.#temporaries.newPath();
    try {
      const footer = await this.tools.writer.write(this.table, this.#end, draft, temporary);
      await this.tools.files.syncFile(temporary);
      return { temporary, footer };
    } catch (error) {
      await this.#temporaries.discard(temporary);
      throw error;
    }
  }

  /** Whether the segment stands under its name, durably; false where another owner's does. */
  async #claim(footer: SegmentFooter, temporary: string): Promise<boolean> {
    const name = segmentName(footer.first);
    if (!(await this.#linkUnlessTaken(temporary, name)) && !(await this.#isOwn(name, footer))) return false;
    await this.tools.files.syncFolder(this.folder);
    return true;
  }

  async #linkUnlessTaken(temporary: string, name: string): Promise<boolean> {
    try {
      await this.tools.files.link(temporary, join(this.folder, name));
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** A link whose answer was lost and that was sent again, by NFS or by our caller, finds its own success in its way. */
  async #isOwn(name: string, footer: SegmentFooter): Promise<boolean> {
    const taken = await this.#identity(join(this.folder, name));
    for (const attempt of this.#attempts) {
      if (taken === undefined || !isSameFooter(attempt.footer, footer)) continue;
      if ((await this.#identity(attempt.temporary)) === taken) return true;
    }
    return false;
  }

  async #identity(path: string): Promise<string | undefined> {
    try {
      return (await this.tools.files.facts(path)).identity;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** While a full disk lets no attempt get its name, each would take up some more of it. */
  async #discardFailedAttempts(): Promise<void> {
    if (this.#attempts.length === 0) return;
    const named = await this.#identity(join(this.folder, segmentName(this.#end)));
    if (named === undefined) await this.#discardAttempts();
  }

  async #discardAttempts(): Promise<void> {
    for (const { temporary } of this.#attempts) await this.#temporaries.discard(temporary);
    this.#attempts = [];
  }

  /**
   * Whether no walk comes to what is published at `first`. Put-if-absent is void once names are deleted by compaction or
   * retention: the name may have been free again. And a compacted segment may be back there after a loss of power, or a
   * repair by hand, that took what lay before it.
   */
  async #isPassedBy(first: number): Promise<boolean> {
    const listing = await listChain(this.tools.files, this.folder, 1);
    const walk = await walkChain(listing, (path) => this.tools.footers.footerOf(path));
    this.#remember(walk);
    return first < walk.end || isAnythingAt(first, listing);
  }

  /** The footers of what is compacted are needed at each publish; of the others, which may be many, an owner needs none. */
  #remember({ segments }: ChainWalk): void {
    const compacted = segments.filter(({ level }) => level > 0).map(({ path }) => path);
    this.tools.footers.retain(this.folder, new Set(compacted));
  }

  async #walk(): Promise<ChainWalk> {
    const { files, footers } = this.tools;
    const walk = await walkFolder(files, this.folder, footers);
    this.#end = walk.end;
    this.#lastFooter = walk.segments.at(-1)?.footer;
    this.#remember(walk);
    return walk;
  }

  get #where(): string {
    return `${this.table.name}/lane=${this.lane}`;
  }
}

function isSameFooter(one: SegmentFooter, other: SegmentFooter): boolean {
  return one.next === other.next && one.rows === other.rows && one.content === other.content;
}
