import { setImmediate } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { silverMarkers, TableBuilder } from '@engine/medallion';
import type { TableBatch, TableSchema } from '@engine/medallion';
import type { Footers } from './chain-walk.js';
import { contentOfBatches } from './content.js';
import { draftFooter } from './draft.js';
import { DuckDbChain } from './duckdb-chain.js';
import type { DraftWriter } from './duckdb-chain.js';
import { ChainDamagedError } from './footer.js';
import { LakeFiles } from './lake-files.js';
import type { FileFacts } from './lake-files.js';
import type { SegmentDraft, SegmentFooter } from './ports.js';
import { MergeDiffersError } from './segment-merger.js';
import type { SegmentMerger } from './segment-merger.js';

export const LANE_FOLDER = '/silver/markers/lane=0';

/** In [0, 1). */
export type Draw = () => number;

/** mulberry32 */
export function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A segment's file on a simulated disk: the marker of offset n is n. */
interface Body {
  readonly offsets: readonly number[];
  readonly footer: SegmentFooter;
}

/** Segments of silver/markers as bytes of a simulated disk; what stands in the place of DuckDB, and nothing else. */
export class ByteSegments implements DraftWriter, SegmentMerger, Footers {
  constructor(private readonly files: LakeFiles) {}

  async write(table: TableSchema, first: number, draft: SegmentDraft, path: string): Promise<SegmentFooter> {
    const footer = draftFooter(table, first, draft, contentOfBatches(draft.batches));
    const offsets = draft.batches.flatMap(({ columns }) => [...(columns[0]?.values as Float64Array)]);
    await this.files.writeBytes(path, serialize({ offsets, footer }));
    return footer;
  }

  async merge(_: TableSchema, paths: readonly string[], footer: SegmentFooter, path: string): Promise<void> {
    const offsets: number[] = [];
    for (const segment of paths) offsets.push(...(await this.body(segment)).offsets);
    if (contentOfBatches([markers(offsets)]) !== footer.content)
      throw new MergeDiffersError(paths, `the offsets ${offsets.join()}`, footer);
    await this.files.writeBytes(path, serialize({ offsets, footer }));
  }

  readonly footerOf = async (path: string): Promise<SegmentFooter> => (await this.body(path)).footer;

  async body(path: string): Promise<Body> {
    const bytes = await this.files.readBytes(path);
    if (bytes === undefined) throw new ChainDamagedError(path, 'it is gone');
    return deserialize(bytes) as Body;
  }

  async preload(): Promise<void> {
    // Nothing is remembered.
  }

  retain(): void {
    // Likewise.
  }
}

export const openChain = (files: LakeFiles, segments: ByteSegments): Promise<DuckDbChain> =>
  DuckDbChain.open(silverMarkers, 0, LANE_FOLDER, { files, writer: segments, footers: segments });

export function markers(offsets: readonly number[]): TableBatch {
  const builder = new TableBuilder(silverMarkers);
  for (const offset of offsets) {
    builder.columns.lane_offset.push(offset);
    builder.columns.marker.push(offset);
  }
  return builder.take();
}

/** A draft of all markers from a chain's end up to `next`. */
export const markersUpTo = (end: number, next: number): SegmentDraft => ({
  next,
  batches: [markers(Array.from({ length: next - end }, (_, at) => end + at))],
  rules: 'r1',
  topic: 't1',
  watermark: null,
  lanes: null,
  through: null,
});

/** The process was killed: nothing that it would have gone on to do happens. */
export class KilledError extends Error {}

/** One process among others. */
export interface SimulatedProcess {
  isKilled: boolean;
  /** It sleeps until the schedule has come to this turn, and does not know. */
  sleepsUntil: number;
}

const MAX_TURNS = 50_000;

/** Who may do his next step on the disk: one after the other, in an order that is drawn. */
export class Schedule {
  readonly #waiting: { readonly process: SimulatedProcess; readonly go: () => void }[] = [];
  turn = 0;

  constructor(readonly draw: Draw) {}

  wait(process: SimulatedProcess): Promise<void> {
    return new Promise((go) => this.#waiting.push({ process, go }));
  }

  /** Gives turns until the work has ended. Throws where it never does. */
  async run(work: Promise<unknown>): Promise<void> {
    const state = { isOver: false };
    const over = work.finally(() => (state.isOver = true));
    over.catch(() => undefined);
    while (!state.isOver) {
      await setImmediate();
      this.#next()?.go();
      if (this.turn > MAX_TURNS) throw new Error(`No end after ${MAX_TURNS} turns`);
    }
    await over;
  }

  #next(): { go: () => void } | undefined {
    this.turn++;
    const awake = this.#waiting.filter(({ process }) => process.sleepsUntil <= this.turn);
    const chosen = awake[Math.floor(this.draw() * awake.length)];
    if (chosen !== undefined) this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    return chosen;
  }
}

/** The disk as one process sees it. A listing lasts: what gets or loses its name meanwhile is in it or not. */
export class ProcessFiles extends LakeFiles {
  constructor(
    private readonly disk: LakeFiles,
    private readonly process: SimulatedProcess,
    private readonly schedule: Schedule,
  ) {
    super();
  }

  async list(folder: string): Promise<readonly string[]> {
    const before = await this.#call(() => this.disk.list(folder));
    const after = await this.#call(() => this.disk.list(folder));
    const isSeen = (name: string): boolean =>
      (before.includes(name) && after.includes(name)) || this.schedule.draw() < 0.5;
    return [...new Set([...before, ...after])].filter(isSeen);
  }

  makeFolder(folder: string): Promise<void> {
    return this.#call(() => this.disk.makeFolder(folder));
  }
  touch(path: string): Promise<void> {
    return this.#call(() => this.disk.touch(path));
  }
  readText(path: string): Promise<string | undefined> {
    return this.#call(() => this.disk.readText(path));
  }
  readBytes(path: string): Promise<Uint8Array | undefined> {
    return this.#call(() => this.disk.readBytes(path));
  }
  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    return this.#call(() => this.disk.writeBytes(path, bytes));
  }
  syncFile(path: string): Promise<void> {
    return this.#call(() => this.disk.syncFile(path));
  }
  syncFolder(folder: string): Promise<void> {
    return this.#call(() => this.disk.syncFolder(folder));
  }
  link(existing: string, name: string): Promise<void> {
    return this.#call(() => this.disk.link(existing, name));
  }
  replace(existing: string, name: string): Promise<void> {
    return this.#call(() => this.disk.replace(existing, name));
  }
  facts(path: string): Promise<FileFacts> {
    return this.#call(() => this.disk.facts(path));
  }
  unlink(path: string): Promise<void> {
    return this.#call(() => this.disk.unlink(path));
  }

  async #call<T>(call: () => Promise<T>): Promise<T> {
    await this.schedule.wait(this.process);
    if (this.process.isKilled) throw new KilledError();
    return call();
  }
}
