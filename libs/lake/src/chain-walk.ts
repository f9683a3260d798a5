import { join } from 'node:path';
import { ChainDamagedError } from './footer.js';
import type { LakeFiles } from './lake-files.js';
import type { SegmentFooter } from './ports.js';
import { parseChainName } from './segment-names.js';

/** File names by the offset they start at. */
export interface ChainListing {
  readonly folder: string;
  readonly l0: ReadonlyMap<number, string>;
  readonly l1: ReadonlyMap<number, string>;
  /** The highest; 0 where there is none. */
  readonly floor: number;
}

export interface WalkedSegment {
  readonly path: string;
  readonly level: 0 | 1;
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

/** Lists L0, then L1, then the floor: in this order nothing that is compacted or retired meanwhile is missed. */
export async function listChain(files: LakeFiles, folder: string): Promise<ChainListing> {
  const l0 = await listKind(files, folder, 'l0');
  return { ...(await listCompacted(files, folder)), l0 };
}

/** The L1 and the floor only: what may have moved under an owner's feet. */
export async function listCompacted(files: LakeFiles, folder: string): Promise<ChainListing> {
  const l1 = await listKind(files, folder, 'l1');
  const floors = await listKind(files, folder, 'floor');
  return { folder, l0: new Map(), l1, floor: Math.max(0, ...floors.keys()) };
}

/** From the floor: at each position the L1 that starts there, else the L0, on to its `next`, up to the first hole. */
export async function walkChain(listing: ChainListing, footerOf: FooterOf): Promise<ChainWalk> {
  const segments: WalkedSegment[] = [];
  let end = listing.floor;
  for (;;) {
    const compacted = listing.l1.get(end);
    const name = compacted ?? listing.l0.get(end);
    if (name === undefined) break;
    const path = join(listing.folder, name);
    const footer = await footerOf(path);
    checkFooter(path, footer, end);
    segments.push({ path, level: compacted === undefined ? 0 : 1, footer });
    end = footer.next;
  }
  return { start: listing.floor, end, segments, beyond: namesAbove(listing, end) };
}

/** Lists a lane's folder and walks its chain. */
export async function walkFolder(files: LakeFiles, folder: string, footers: Footers): Promise<ChainWalk> {
  const listing = await listChain(files, folder);
  const { l0, l1, floor } = listing;
  const paths = [...l1, ...l0].filter(([first]) => first >= floor).map(([, name]) => join(folder, name));
  footers.retain(folder, new Set(paths));
  await footers.preload(paths);
  return walkChain(listing, (path) => footers.footerOf(path));
}

function checkFooter(path: string, footer: SegmentFooter, first: number): void {
  if (footer.first !== first)
    throw new ChainDamagedError(path, `its footer says that it starts at ${footer.first}`);
  if (footer.next <= first)
    throw new ChainDamagedError(path, `its footer says that it ends at ${footer.next}`);
}

function namesAbove(listing: ChainListing, end: number): string[] {
  return [...listing.l0, ...listing.l1]
    .filter(([first]) => first > end)
    .map(([, name]) => join(listing.folder, name))
    .sort();
}

async function listKind(
  files: LakeFiles,
  folder: string,
  kind: 'l0' | 'l1' | 'floor',
): Promise<ReadonlyMap<number, string>> {
  const names = (await files.list(folder)).map(parseChainName);
  return new Map(names.flatMap((found) => (found?.kind === kind ? [[found.offset, found.name]] : [])));
}
