import { randomUUID } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { TableSchema } from '@engine/medallion';
import { listChain, walkChain } from './chain-walk.js';
import type { ChainListing, ChainWalk, WalkedSegment } from './chain-walk.js';
import { parseSchemaText } from './column-sql.js';
import { contentSql } from './content-sql.js';
import { openDuckDb } from './duckdb.js';
import { messageOf } from './error-message.js';
import { scanByEventTime } from './event-time-scan.js';
import type { PartitionEvents } from './event-time-scan.js';
import type { OnContent } from './file-contents.js';
import { FooterCache, isMissingFile } from './footer-cache.js';
import { ChainDamagedError } from './footer.js';
import { readFacts } from './generation-facts.js';
import type { GenerationFacts } from './generation-facts.js';
import { LakeFolders, parseLaneName } from './lake-folders.js';
import { NodeLakeFiles } from './node-lake-files.js';
import type { SegmentFooter } from './ports.js';
import { scanFiles } from './scan-files.js';
import type { ScannedRows } from './scanned-rows.js';
import { parseChainName } from './segment-names.js';
import { sqlFiles } from './sql-text.js';
import { inspectSnapshots, leftovers } from './state-inspector.js';
import type { InspectedSnapshot } from './state-inspector.js';

/** A file in a lane's folder that the walk does not come to. */
export interface OtherFile {
  readonly path: string;
  /** Where it starts by its name; null: not a name of a chain. */
  readonly first: number | null;
  /** null: it cannot be read. */
  readonly footer: SegmentFooter | null;
}

/** A chain as it was found, the damage in it included. */
export interface InspectedChain {
  readonly table: TableSchema;
  readonly lane: number;
  readonly folder: string;
  /** Up to the first hole or damaged file. */
  readonly walk: ChainWalk;
  /** Files the walk came to and that are not what their names say. */
  readonly damaged: readonly ChainDamagedError[];
  readonly others: readonly OtherFile[];
}

/** What a file's rows are, counted and hashed now; `error`: it cannot be read to its end. */
export type FileContent =
  | { readonly path: string; readonly rows: number; readonly content: string }
  | { readonly path: string; readonly error: string };

const FILES_A_QUERY = 32;

/** The lake for those who doubt it: damage is told, not thrown, and rows are read from files, never from views. */
export class LakeInspector {
  readonly #footers: FooterCache;

  /** `folders`: as they were found at first. Who looks at one generation of a layer must not go on with another one. */
  private constructor(
    private readonly folders: LakeFolders,
    private readonly files: NodeLakeFiles,
    private readonly instance: DuckDBInstance,
    private readonly connection: DuckDBConnection,
  ) {
    this.#footers = new FooterCache(connection);
  }

  /** `folder`: the lake's root, which must be there. */
  static async open(options: {
    readonly folder: string;
    readonly memoryLimit: string;
    readonly threads: number;
  }): Promise<LakeInspector> {
    // Compacted rows are sorted on their way; the lake itself may be a backup that nobody may write to.
    const instance = await openDuckDb(options, join(tmpdir(), `engine-lake-${randomUUID()}`));
    const files = new NodeLakeFiles();
    const folders = await LakeFolders.read(await realpath(resolve(options.folder)), files);
    return new LakeInspector(folders, files, instance, await instance.connect());
  }

  /** The lanes that a table has a folder for, ascending. */
  async lanes(table: TableSchema): Promise<readonly number[]> {
    const names = await this.files.list(this.folders.table(table.name));
    return names.flatMap((name) => parseLaneName(name) ?? []).sort((a, b) => a - b);
  }

  /** Lists a chain anew and walks it. */
  async inspect(table: TableSchema, lane: number): Promise<InspectedChain> {
    const folder = this.folders.lane(table.name, lane);
    const { walk, damaged } = await this.#walk(await listChain(this.files, folder));
    const known = new Set([...walk.segments.map(({ path }) => path), ...damaged.map(({ file }) => file)]);
    const names = (await this.files.list(folder)).filter((name) => name.endsWith('.parquet'));
    const others: OtherFile[] = [];
    for (const name of names.filter((candidate) => !candidate.startsWith('_')).sort()) {
      const path = join(folder, name);
      if (known.has(path)) continue;
      others.push({ path, first: parseChainName(name)?.offset ?? null, footer: await this.#footer(path) });
    }
    return { table, lane, folder, walk, damaged, others };
  }

  /** The files of a layer's snapshots, lane after lane. */
  snapshots(layer: string): AsyncGenerator<InspectedSnapshot, void> {
    return inspectSnapshots(this.folders, this.files, layer);
  }

  /** Files in the `_tmp` folders of the lake, and of some tables and layers with all their lanes. */
  async leftovers(tables: readonly TableSchema[], layers: readonly string[]): Promise<readonly string[]> {
    const parents = [
      ...tables.map(({ name }) => this.folders.table(name)),
      ...layers.map((layer) => this.folders.layerState(layer)),
    ];
    const lanes: string[] = [];
    for (const parent of parents)
      for (const name of await this.files.list(parent))
        if (parseLaneName(name) !== undefined) lanes.push(join(parent, name));
    return leftovers(this.folders.root, this.files, lanes);
  }

  /** Counts and hashes the rows of segments. */
  async *contents(segments: readonly WalkedSegment[]): AsyncGenerator<FileContent, void> {
    for (let at = 0; at < segments.length; at += FILES_A_QUERY) {
      const some = segments.slice(at, at + FILES_A_QUERY);
      const schemas = new Set(some.map(({ footer }) => footer.schema));
      for (const schema of schemas) {
        const paths = some.filter(({ footer }) => footer.schema === schema).map(({ path }) => path);
        yield* await this.#contentsOf(schema, paths);
      }
    }
  }

  /** The content of a segment's rows, symbol by symbol. */
  async contentBySymbol({ path, footer }: WalkedSegment): Promise<ReadonlyMap<string, string>> {
    const read = await this.connection.runAndReadAll(
      `SELECT symbol, ${contentSql(parseSchemaText(footer.schema))}
       FROM read_parquet(${sqlFiles([path])}) GROUP BY symbol`,
    );
    return new Map(read.getRows() as [string, string][]);
  }

  /**
   * The rows of segments in the order of the chain; those of a compacted one whose table has no columns that tell it, as
   * they are stored. Throws where one cannot be read. `onContent`: told of each file's content when its last row was given out.
   */
  async *scan(
    table: TableSchema,
    segments: readonly WalkedSegment[],
    columns: readonly string[],
    onContent?: OnContent,
  ): AsyncGenerator<ScannedRows, void> {
    yield* scanFiles(this.instance, table, segments, columns, onContent);
  }

  /** What the generation of a layer was begun with, where it was computed anew. */
  generation(layer: string): Promise<GenerationFacts> {
    return readFacts(this.folders.layer(layer), this.files);
  }

  /** What bronze accepted for a lane, by event time; throws where a segment cannot be read. */
  acceptedByEventTime(
    partitions: readonly PartitionEvents[],
    isOfLane: (symbol: string) => boolean,
  ): AsyncGenerator<ScannedRows, void> {
    return scanByEventTime(this.instance, partitions, isOfLane);
  }

  /** Scans must have ended. */
  close(): void {
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** A damaged file ends the walk as if it were not there. */
  async #walk(listing: ChainListing): Promise<{ walk: ChainWalk; damaged: ChainDamagedError[] }> {
    const damaged: ChainDamagedError[] = [];
    const levels = new Map([...listing.levels].map(([level, names]) => [level, new Map(names)]));
    const names = [...levels.values()].flatMap((each) => [...each.values()]);
    await this.#footers.preload(names.map((name) => join(listing.folder, name)));
    for (;;) {
      try {
        const walk = await walkChain({ ...listing, levels }, (path) => this.#footers.footerOf(path));
        return { walk, damaged };
      } catch (error) {
        if (!(error instanceof ChainDamagedError)) throw error;
        damaged.push(error);
        for (const each of levels.values())
          for (const [first, name] of each) if (join(listing.folder, name) === error.file) each.delete(first);
      }
    }
  }

  async #footer(path: string): Promise<SegmentFooter | null> {
    return this.#footers.footerOf(path).catch((error: unknown) => {
      if (error instanceof ChainDamagedError || isMissingFile(error)) return null;
      throw error;
    });
  }

  /** All at once; where that fails, one by one, so that the file that cannot be read has a name. */
  async #contentsOf(schema: string, paths: readonly string[]): Promise<readonly FileContent[]> {
    try {
      const read = await this.connection.runAndReadAll(
        `SELECT filename, CAST(count(*) AS DOUBLE), ${contentSql(parseSchemaText(schema))}
         FROM read_parquet(${sqlFiles(paths)}, filename = true) GROUP BY filename`,
      );
      const found = new Map((read.getRows() as [string, number, string][]).map((row) => [row[0], row]));
      return paths.map((path) => {
        const [, rows, content] = found.get(path) ?? [path, 0, '0'];
        return { path, rows, content };
      });
    } catch (error) {
      if (paths.length === 1) return paths.map((path) => ({ path, error: messageOf(error) }));
      const each: FileContent[] = [];
      for (const path of paths) each.push(...(await this.#contentsOf(schema, [path])));
      return each;
    }
  }
}
