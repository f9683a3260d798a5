import { join } from 'node:path';
import { tables } from '@engine/medallion';
import { walkFolder } from './chain-walk.js';
import type { ChainWalk } from './chain-walk.js';
import type { FooterCache } from './footer-cache.js';
import type { LakeFiles } from './lake-files.js';
import { LakeFolders, parseLaneName } from './lake-folders.js';
import type { LaneWalks } from './views.js';

/** Finds out what is in a lake. */
export class LakeIndex {
  constructor(
    private readonly root: string,
    private readonly files: LakeFiles,
    private readonly footers: FooterCache,
  ) {}

  /** Walks every chain of every table. */
  async read(): Promise<ReadonlyMap<string, LaneWalks>> {
    const folders = await LakeFolders.read(this.root, this.files);
    const walks = new Map<string, LaneWalks>();
    for (const { name } of tables) walks.set(name, await this.#lanes(folders.table(name)));
    return walks;
  }

  /** Walks one chain. */
  async walk(table: string, lane: number): Promise<ChainWalk> {
    const folders = await LakeFolders.read(this.root, this.files);
    return walkFolder(this.files, folders.lane(table, lane), this.footers);
  }

  async #lanes(tableFolder: string): Promise<LaneWalks> {
    const walks = new Map<number, ChainWalk>();
    const names = (await this.files.list(tableFolder)).map((name) => ({ name, lane: parseLaneName(name) }));
    for (const { name, lane } of names.sort((one, other) => (one.lane ?? 0) - (other.lane ?? 0)))
      if (lane !== undefined)
        walks.set(lane, await walkFolder(this.files, join(tableFolder, name), this.footers));
    return walks;
  }
}
