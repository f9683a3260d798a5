import { join } from 'node:path';
import { ChainDamagedError } from './footer.js';
import type { LakeFiles } from './lake-files.js';
import type { SegmentFooter } from './ports.js';
import { parseChainName } from './segment-names.js';
import type { ChainName } from './segment-names.js';

/** The names of one level by the offset they start at. */
export type LevelNames = ReadonlyMap<number, string>;

export interface ChainListing {
  readonly folder: string;
  /** By level, ascending; a level of which there is nothing may be missing. */
  readonly levels: ReadonlyMap<number, LevelNames>;
  /** The highest; 0 where there is none. */
  readonly floor: number;
}

export interface WalkedSegment {
  readonly path: string;
  /** 0: as it was published. */
  readonly level: number;
  readonly footer: SegmentFooter;
}

/** A chain as it stands: contiguous segments for the input offsets [start, end). */
export interface ChainWalk {
  readonly start: number;
  readonly end: number;
  readonly segments: readonly WalkedSegment[];
  /** Files that start above the end. Seen in two walks in a row they are damage: a hole lies before them. */
  readonly beyond: readonly string[];
}

export type FooterOf = (path: string) => Promise<SegmentFooter>;

/** Reads the segments' footers, and remembers them. */
export interface Footers {
  /** Throws `ChainDamagedError` for a file that is there and cannot be read. */
  readonly footerOf: FooterOf;
  /** Reads many at once. A file that cannot be read is left for `footerOf` to complain of, should anybody need it. */
  preload(paths: readonly string[]): Promise<void>;
  /** Forgets a folder's other files: a name that is gone may come back with another content. */
  retain(folder: string, paths: ReadonlySet<string>): void;
}

/**
 * Lists level by level upward from `lowest`, then the floor: in this order nothing that is compacted or retired meanwhile is
 * missed (F6). Whoever wants to know what may have moved under an owner's feet leaves out level 0.
 */
export async function listChain(files: LakeFiles, folder: string, lowest = 0): Promise<ChainListing> {
  const levels = new Map<number, LevelNames>();
  for (let level = lowest; ;) {
    const names = (await files.list(folder)).flatMap((name) => parseChainName(name) ?? []);
    const segments = names.flatMap((name) => (name.kind === 'segment' && name.level >= level ? [name] : []));
    if (segments.length === 0) return { folder, levels, floor: highestFloor(names) };
    const present = Math.min(...segments.map((name) => name.level));
    if (present === level) levels.set(level++, byOffset(segments.filter((name) => name.level === present)));
    else level = present;
  }
}

const highestFloor = (names: readonly ChainName[]): number =>
  Math.max(0, ...names.filter(({ kind }) => kind === 'floor').map(({ offset }) => offset));

const byOffset = (names: readonly ChainName[]): LevelNames =>
  new Map(names.map(({ offset, name }) => [offset, name]));

/** From the floor: at each position the segment of the highest level that starts there, on to its `next`, up to the first hole. */
export async function walkChain(listing: ChainListing, footerOf: FooterOf): Promise<ChainWalk> {
  const downward = [...listing.levels].reverse();
  const segments: WalkedSegment[] = [];
  let end = listing.floor;
  for (;;) {
    const [level, names] = downward.find(([, each]) => each.has(end)) ?? [];
    const name = names?.get(end);
    if (level === undefined || name === undefined) break;
    const path = join(listing.folder, name);
    const footer = await footerOf(path);
    checkFooter(path, footer, end);
    segments.push({ path, level, footer });
    end = footer.next;
  }
  return { start: listing.floor, end, segments, beyond: namesAbove(listing, end) };
}

/** Lists a lane's folder and walks its chain. */
export async function walkFolder(files: LakeFiles, folder: string, footers: Footers): Promise<ChainWalk> {
  const listing = await listWhole(files, folder);
  const paths = allNames(listing)
    .filter(([first]) => first >= listing.floor)
    .map(([, name]) => join(folder, name));
  footers.retain(folder, new Set(paths));
  await footers.preload(paths);
  return walkChain(listing, (path) => footers.footerOf(path));
}

/**
 * Who sleeps while he lists may find a floor, and miss what lies there, since it was published meanwhile. Listed anew once the floor
 * is known, it is there: a chain's last segment stays, unless the floor has moved again.
 */
async function listWhole(files: LakeFiles, folder: string): Promise<ChainListing> {
  let listing = await listChain(files, folder);
  for (let known = 0; listing.floor !== known && !isAnythingAt(listing.floor, listing);) {
    known = listing.floor;
    listing = await listChain(files, folder);
  }
  return listing;
}

export const isAnythingAt = (offset: number, { levels }: ChainListing): boolean =>
  [...levels.values()].some((names) => names.has(offset));

function checkFooter(path: string, footer: SegmentFooter, first: number): void {
  if (footer.first !== first)
    throw new ChainDamagedError(path, `its footer says that it starts at ${footer.first}`);
  if (footer.next <= first)
    throw new ChainDamagedError(path, `its footer says that it ends at ${footer.next}`);
}

const allNames = ({ levels }: ChainListing): readonly (readonly [number, string])[] =>
  [...levels.values()].flatMap((names) => [...names]);

function namesAbove(listing: ChainListing, end: number): string[] {
  return allNames(listing)
    .filter(([first]) => first > end)
    .map(([, name]) => join(listing.folder, name))
    .sort();
}
