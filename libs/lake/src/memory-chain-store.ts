import type { ColumnValues, TableBatch, TableSchema } from '@engine/medallion';
import { contentOfBatches } from './content.js';
import { checkDraft, draftFooter } from './draft.js';
import { NO_FACTS } from './generation-facts.js';
import type { GenerationFacts } from './generation-facts.js';
import { Chain, ChainMovedError, ChainStore } from './ports.js';
import type { SegmentDraft, SegmentFooter, StoredChain } from './ports.js';
import { ScannedRows } from './scanned-rows.js';

/** A row as an object: times in µs since the epoch, null where it is null. */
export type MemoryRow = Readonly<Record<string, string | number | boolean | null>>;

export interface MemorySegment {
  readonly footer: SegmentFooter;
  readonly rows: readonly MemoryRow[];
}

/** What is published of one table in one lane: segments by the offset they start at. */
class MemorySegments {
  readonly segments = new Map<number, MemorySegment>();
  floor = 0;

  walk(): readonly MemorySegment[] {
    const walked: MemorySegment[] = [];
    for (let at = this.segments.get(this.floor); at !== undefined; at = this.segments.get(at.footer.next))
      walked.push(at);
    return walked;
  }
}

/** The lake in memory, for tests. Several owners may open the same chain: the first to publish at its end wins. */
export class MemoryChainStore extends ChainStore {
  /** By layer, where a test has computed one anew. */
  readonly generations = new Map<string, GenerationFacts>();
  readonly #lanes = new Map<string, MemorySegments>();

  open(table: TableSchema, lane: number): Promise<Chain> {
    return Promise.resolve(new MemoryChain(table, lane, this.#segments(table.name, lane)));
  }

  read(table: TableSchema, lane: number): Promise<StoredChain> {
    const { floor } = this.#segments(table.name, lane);
    const walked = this.#segments(table.name, lane).walk();
    return Promise.resolve({
      start: floor,
      end: walked.at(-1)?.footer.next ?? floor,
      segments: walked.map(({ footer }) => footer),
      scan: (from, columns) => scanSegments(table, walked, { from, columns }),
    });
  }

  generation(layer: string): Promise<GenerationFacts> {
    return Promise.resolve(this.generations.get(layer) ?? NO_FACTS);
  }

  acceptedByEventTime(): never {
    throw new Error('Only a lake with a database can sort');
  }

  /** What a table holds, lane by lane in the order of publication. */
  rows(table: string): readonly MemoryRow[] {
    return this.#lanesOf(table).flatMap((segments) => segments.walk().flatMap(({ rows }) => rows));
  }

  /** The footers of a table's segments, lane by lane in the order of the chain. */
  footers(table: string): readonly SegmentFooter[] {
    return this.#lanesOf(table).flatMap((segments) => segments.walk().map(({ footer }) => footer));
  }

  /** Another owner publishes at the chain's end: who opened the chain before will be told that it moved. */
  async publishAsOther(table: TableSchema, lane: number, draft: SegmentDraft): Promise<SegmentFooter> {
    return (await this.open(table, lane)).publish(draft);
  }

  /** Loses the last segment of a chain, as a lake that was brought back from a backup would have. */
  loseLast(table: string, lane: number): void {
    const lost = this.#segments(table, lane).walk().at(-1);
    if (lost !== undefined) this.#segments(table, lane).segments.delete(lost.footer.first);
  }

  #segments(table: string, lane: number): MemorySegments {
    const key = `${table}/${lane}`;
    let segments = this.#lanes.get(key);
    if (segments === undefined) this.#lanes.set(key, (segments = new MemorySegments()));
    return segments;
  }

  #lanesOf(table: string): MemorySegments[] {
    const laneOf = (key: string): number => Number(key.slice(table.length + 1));
    return [...this.#lanes]
      .filter(([key]) => key.startsWith(`${table}/`))
      .sort(([one], [other]) => laneOf(one) - laneOf(other))
      .map(([, segments]) => segments);
  }
}

class MemoryChain extends Chain {
  #end: number;
  #lastFooter: SegmentFooter | undefined;

  constructor(
    readonly table: TableSchema,
    readonly lane: number,
    private readonly published: MemorySegments,
  ) {
    super();
    this.#lastFooter = published.walk().at(-1)?.footer;
    this.#end = this.#lastFooter?.next ?? published.floor;
  }

  get end(): number {
    return this.#end;
  }

  get lastFooter(): SegmentFooter | undefined {
    return this.#lastFooter;
  }

  // eslint wants no `async` without `await`, the port wants a rejection and not a throw: hence the promise's executor.
  startAt(offset: number): Promise<void> {
    return new Promise((done) => {
      this.#setFloor(offset);
      done();
    });
  }

  publish(draft: SegmentDraft): Promise<SegmentFooter> {
    return new Promise((done) => {
      done(this.#add(draft));
    });
  }

  #setFloor(offset: number): void {
    if (offset === this.#end) return;
    if (this.#lastFooter !== undefined || offset < this.#end)
      throw new RangeError(
        `${this.table.name}/lane=${this.lane} stands at ${this.#end} and cannot start at ${offset}`,
      );
    this.published.floor = Math.max(this.published.floor, offset);
    if (this.published.floor !== offset || this.published.segments.has(offset))
      throw new ChainMovedError(this.table.name, this.lane, offset);
    this.#end = offset;
  }

  #add(draft: SegmentDraft): SegmentFooter {
    checkDraft(this, draft);
    const first = this.#end;
    if (this.published.segments.has(first) || first < this.published.floor)
      throw new ChainMovedError(this.table.name, this.lane, first);
    const footer = draftFooter(this.table, first, draft, contentOfBatches(draft.batches));
    this.published.segments.set(first, { footer, rows: draft.batches.flatMap(rowObjects) });
    this.#lastFooter = footer;
    this.#end = footer.next;
    return footer;
  }
}

export function rowObjects(batch: TableBatch): MemoryRow[] {
  return Array.from({ length: batch.rows }, (_, row) =>
    Object.fromEntries(batch.columns.map((column) => [column.name, valueAt(column, row)])),
  );
}

function valueAt({ type, values }: TableBatch['columns'][number], row: number): MemoryRow[string] {
  if (type === 'VARCHAR') return (values as ColumnValues['VARCHAR'])[row] ?? null;
  const value = (values as Float64Array)[row] ?? NaN;
  if (type === 'BOOLEAN') return value === 2 ? null : value === 1;
  return Number.isNaN(value) ? null : value;
}

/** The rows of the segments that reach beyond `from`. */
// An `async` generator as the port wants it, although nothing in it has to be waited for.
// eslint-disable-next-line @typescript-eslint/require-await
export async function* scanSegments(
  table: TableSchema,
  walked: readonly MemorySegment[],
  { from, columns }: { readonly from: number; readonly columns: readonly string[] },
): AsyncGenerator<ScannedRows, void> {
  for (const { footer, rows } of walked) {
    if (footer.next <= from || rows.length === 0) continue;
    yield new ScannedRows(rows.length, new Map(columns.map((name) => [name, scanned(table, name, rows)])));
  }
}

function scanned(
  table: TableSchema,
  name: string,
  rows: readonly MemoryRow[],
): Float64Array | (string | null)[] {
  const values = rows.map((row) => row[name] ?? null);
  if (table.columns[name] === 'VARCHAR') return values as (string | null)[];
  return Float64Array.from(values, (value) => (value === null ? NaN : Number(value)));
}
