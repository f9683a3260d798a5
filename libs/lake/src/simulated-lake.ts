import type { TableSchema } from '@engine/medallion';
import { ChainUpkeep } from './chain-upkeep.js';
import type { UpkeepRules } from './chain-upkeep.js';
import type { ChainWalk, Footers } from './chain-walk.js';
import { walkFolder } from './chain-walk.js';
import { addContents, contentOfBatches } from './content.js';
import { draftFooter } from './draft.js';
import { DuckDbChain } from './duckdb-chain.js';
import type { ChainTools, DraftWriter } from './duckdb-chain.js';
import { messageOf } from './error-message.js';
import { ChainDamagedError } from './footer.js';
import { NO_FACTS } from './generation-facts.js';
import type { GenerationFacts } from './generation-facts.js';
import type { LakeFiles } from './lake-files.js';
import { LakeIoError } from './lake-io.error.js';
import { LakeFolders } from './lake-folders.js';
import { rowObjects, scanSegments } from './memory-chain-store.js';
import type { MemoryRow, MemorySegment } from './memory-chain-store.js';
import { ChainStore } from './ports.js';
import type { Chain, SegmentDraft, SegmentFooter, StoredChain } from './ports.js';
import { MergeDiffersError } from './segment-merger.js';
import type { SegmentMerger } from './segment-merger.js';

/** Where a lake lies on a simulated disk. */
export const SIMULATED_LAKE = '/';

/**
 * The lake's chains on any `LakeFiles`, with the real sequence of calls by which a segment is published and the real walk;
 * only what stands in a file is not Parquet, which DuckDB writes to real disks alone.
 */
export class SimulatedLake extends ChainStore {
  readonly #folders = new LakeFolders(SIMULATED_LAKE);
  readonly #tools: ChainTools;

  constructor(private readonly files: LakeFiles) {
    super();
    this.#tools = { files, writer: new BytesWriter(files), footers: new BytesFooters(files) };
  }

  open(table: TableSchema, lane: number): Promise<Chain> {
    return DuckDbChain.open(table, lane, this.#folders.lane(table.name, lane), this.#tools);
  }

  /** Whoever looks after a chain. What is merged is not sorted: in what order rows lie in a file is Parquet's business. */
  upkeep(table: TableSchema, lane: number, rules: UpkeepRules): ChainUpkeep {
    const { files, footers } = this.#tools;
    const tools = { files, footers, merger: new BytesMerger(files) };
    return new ChainUpkeep(table, this.#folders.lane(table.name, lane), tools, rules);
  }

  async read(table: TableSchema, lane: number): Promise<StoredChain> {
    const { start, end, segments } = await this.#walk(table.name, lane);
    const stored: MemorySegment[] = [];
    for (const { path } of segments) stored.push(await readBody(this.files, path));
    return {
      start,
      end,
      segments: segments.map(({ footer }) => footer),
      scan: (from, columns) => scanSegments(table, stored, { from, columns }),
    };
  }

  /** Nothing in it was computed anew. */
  generation(): Promise<GenerationFacts> {
    return Promise.resolve(NO_FACTS);
  }

  acceptedByEventTime(): never {
    throw new Error('Only a lake with a database can sort');
  }

  /** What a table holds, lane by lane in the order of the walk. Throws for a file that is not what was written. */
  async rows(table: string, lanes: number): Promise<readonly MemoryRow[]> {
    const rows: MemoryRow[] = [];
    for (let lane = 0; lane < lanes; lane++) {
      for (const { path } of (await this.#walk(table, lane)).segments)
        rows.push(...(await readBody(this.files, path)).rows);
    }
    return rows;
  }

  #walk(table: string, lane: number): Promise<ChainWalk> {
    return walkFolder(this.files, this.#folders.lane(table, lane), this.#tools.footers);
  }
}

class BytesWriter implements DraftWriter {
  constructor(private readonly files: LakeFiles) {}

  async write(table: TableSchema, first: number, draft: SegmentDraft, path: string): Promise<SegmentFooter> {
    const footer = draftFooter(table, first, draft, contentOfBatches(draft.batches));
    const body: MemorySegment = { rows: draft.batches.flatMap(rowObjects), footer };
    await this.files.writeBytes(path, bytesOf(body));
    return footer;
  }
}

class BytesMerger implements SegmentMerger {
  constructor(private readonly files: LakeFiles) {}

  async merge(_: TableSchema, paths: readonly string[], footer: SegmentFooter, path: string): Promise<void> {
    const bodies: MemorySegment[] = [];
    for (const segment of paths) bodies.push(await readBody(this.files, segment));
    const rows = bodies.flatMap((body) => body.rows);
    const content = addContents(bodies.map((body) => body.footer.content));
    if (content !== footer.content || rows.length !== footer.rows)
      throw new MergeDiffersError(paths, `${rows.length} rows of content ${content}`, footer);
    await this.files.writeBytes(path, bytesOf({ rows, footer }));
  }
}

class BytesFooters implements Footers {
  constructor(private readonly files: LakeFiles) {}

  readonly footerOf = async (path: string): Promise<SegmentFooter> =>
    (await readBody(this.files, path)).footer;

  async preload(): Promise<void> {
    // Nothing is remembered: a disk in memory is as fast.
  }

  retain(): void {
    // Likewise.
  }
}

async function readBody(files: LakeFiles, path: string): Promise<MemorySegment> {
  const bytes = await files.readBytes(path);
  // As of DuckDB, who is asked for a file that was listed and is gone: whoever walks again finds what took its place.
  if (bytes === undefined) throw new LakeIoError('ENOENT', `${path} is gone`);
  try {
    return segmentIn(bytes);
  } catch (error) {
    throw new ChainDamagedError(path, messageOf(error), { cause: error });
  }
}

/** The same for the same values: what V8 serializes differs in its size with how optimized the code is that made them. */
const bytesOf = (segment: MemorySegment): Uint8Array => Buffer.from(JSON.stringify(segment));

/** A file's bytes never change, and a file that was torn has others: what was read once is what stands there. */
const decoded = new WeakMap<Uint8Array, MemorySegment>();

/** What stands in a file of a simulated lake. Throws where that is no segment. */
export function segmentIn(bytes: Uint8Array): MemorySegment {
  let segment = decoded.get(bytes);
  if (segment === undefined) {
    segment = JSON.parse(Buffer.from(bytes).toString()) as MemorySegment;
    decoded.set(bytes, segment);
  }
  return segment;
}
