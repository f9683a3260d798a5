import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duck } from './duck.js';
import { literal } from './duck.js';
import type { LakeTable } from './lake-tables.js';

export interface Segment {
  readonly file: string;
  readonly lane: number;
  readonly first: number;
  readonly next: number;
  readonly rows: number;
  /** Sum of the rows' hashes, decimal. */
  readonly content: string;
  readonly watermark: string;
}

/** What lies in a lane's folder, sorted into what a walk can use. */
interface LaneListing {
  /** Data files that start at an offset, the one of the highest level first. */
  readonly files: ReadonlyMap<number, readonly string[]>;
  readonly floor: number;
}

/** Segments by file, for whoever walks again and again: what has a name never changes. */
export type KnownSegments = Map<string, Segment>;

/**
 * The table's segments lane by lane, by the rule for readers: from the floor, at each position the file of the highest
 * level that starts there, a plain one having none; on to its `next`; stop at the first hole.
 */
export async function walkTable(
  duck: Duck,
  lakeDir: string,
  table: LakeTable,
  known: KnownSegments = new Map(),
): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const lane of lanesOf(lakeDir, table)) {
    const folder = join(tableFolder(lakeDir, table), `lane=${lane}`);
    segments.push(...(await walkLane(duck, folder, lane, known)));
  }
  return segments;
}

/** `_generations.json` names the folder of a layer that was computed anew. */
function tableFolder(lakeDir: string, table: LakeTable): string {
  const [layer = '', name = ''] = table.split('/');
  const file = join(lakeDir, '_generations.json');
  const folders = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<string, string>>)
    : {};
  return join(lakeDir, folders[layer] ?? layer, name);
}

export function lanesOf(lakeDir: string, table: LakeTable): number[] {
  const folder = tableFolder(lakeDir, table);
  if (!existsSync(folder)) return [];
  const lanes = readdirSync(folder).flatMap((name) => /^lane=(\d+)$/.exec(name)?.[1] ?? []);
  return lanes.map(Number).sort((a, b) => a - b);
}

async function walkLane(duck: Duck, folder: string, lane: number, known: KnownSegments): Promise<Segment[]> {
  const listing = list(folder);
  const segments: Segment[] = [];
  for (let position = listing.floor; ;) {
    const name = listing.files.get(position)?.[0];
    if (name === undefined) return segments;
    const file = join(folder, name);
    const segment = known.get(file) ?? (await readSegment(duck, file, lane));
    known.set(file, segment);
    if (segment.first !== position) throw new Error(`${name}: its footer says it starts at ${segment.first}`);
    if (segment.next <= position)
      throw new Error(`${name}: ends at ${segment.next}, which is not after its start`);
    segments.push(segment);
    position = segment.next;
  }
}

/** Names of plain segments that no walk reaches and no compacted segment covers: damage. */
export async function strayFiles(duck: Duck, lakeDir: string, table: LakeTable): Promise<string[]> {
  const segments = await walkTable(duck, lakeDir, table);
  return lanesOf(lakeDir, table).flatMap((lane) => {
    const end = segments.findLast((segment) => segment.lane === lane)?.next ?? 0;
    const listing = list(join(tableFolder(lakeDir, table), `lane=${lane}`));
    return [...listing.files]
      .filter(([first]) => first >= end)
      .flatMap(([, stray]) => stray.map((name) => `lane=${lane}/${name}`));
  });
}

function list(folder: string): LaneListing {
  const files = new Map<number, string[]>();
  let floor = 0;
  // By name: at one offset `.l1` to `.l9` one after the other, and `.parquet` after them all.
  for (const name of readdirSync(folder).sort()) {
    const [, first, ending] = /^(\d{20})\.(parquet|l[1-9]\.parquet|floor)$/.exec(name) ?? [];
    const offset = Number(first);
    if (ending === 'floor') floor = Math.max(floor, offset);
    else if (ending === 'parquet') files.set(offset, [...(files.get(offset) ?? []), name]);
    else if (ending !== undefined) files.set(offset, [name, ...(files.get(offset) ?? [])]);
  }
  return { files, floor };
}

export const isCompacted = (file: string): boolean => /\.l[1-9]\.parquet$/.test(file);

async function readSegment(duck: Duck, file: string, lane: number): Promise<Segment> {
  const pairs = await duck.rows<{ key: string; value: string }>(
    `SELECT decode(key) AS key, decode(value) AS value FROM parquet_kv_metadata(${literal(file)})`,
  );
  const footer = new Map(pairs.map(({ key, value }) => [key, value]));
  const text = (key: string): string => {
    const value = footer.get(key);
    if (value === undefined) throw new Error(`${file}: no ${key} in its footer`);
    return value;
  };
  return {
    file,
    lane,
    first: Number(text('first')),
    next: Number(text('next')),
    rows: Number(text('rows')),
    content: text('content'),
    watermark: footer.get('watermark') ?? '',
  };
}
