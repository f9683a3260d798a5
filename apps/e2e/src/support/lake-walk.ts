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
  readonly l0: ReadonlyMap<number, string>;
  readonly l1: ReadonlyMap<number, string>;
  readonly floor: number;
}

/** Segments by file, for whoever walks again and again: what has a name never changes. */
export type KnownSegments = Map<string, Segment>;

/**
 * The table's segments lane by lane, by the rule for readers: from the floor, at each position the compacted file that
 * starts there, else the plain one; on to its `next`; stop at the first hole.
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
    const name = listing.l1.get(position) ?? listing.l0.get(position);
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
    return [...listing.l0, ...listing.l1]
      .filter(([first]) => first >= end)
      .map(([, name]) => `lane=${lane}/${name}`);
  });
}

function list(folder: string): LaneListing {
  const names = readdirSync(folder);
  const floors = [...byOffset(names, /^(\d{20})\.floor$/).keys()];
  return {
    l0: byOffset(names, /^(\d{20})\.parquet$/),
    l1: byOffset(names, /^(\d{20})\.l1\.parquet$/),
    floor: Math.max(0, ...floors),
  };
}

function byOffset(names: readonly string[], pattern: RegExp): Map<number, string> {
  const matches = names.flatMap((name): [number, string][] => {
    const digits = pattern.exec(name)?.[1];
    return digits === undefined ? [] : [[Number(digits), name]];
  });
  return new Map(matches);
}

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
