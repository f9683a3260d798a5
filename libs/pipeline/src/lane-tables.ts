import { compareCoordinates } from '@engine/contracts';
import type { Coordinate, LaneStatus } from '@engine/contracts';
import type { Chain, ChainStore } from '@engine/lake/ports';
import type { TableBatch, TableSchema } from '@engine/medallion';

import type { LaneContext } from './lane-wiring.js';
import { SegmentBuffer } from './segment-buffer.js';
import type { Cut } from './segment-buffer.js';

/** Opens the chains of a layer's tables in one lane. */
export async function openChains(
  store: ChainStore,
  tables: readonly TableSchema[],
  lane: number,
): Promise<ReadonlyMap<string, Chain>> {
  const chains = new Map<string, Chain>();
  for (const table of tables) chains.set(table.name, await store.open(table, lane));
  return chains;
}

/** What follows from records that reach up to a mark, null: above all of them. */
export interface FollowingRows {
  readonly upTo: Coordinate | null;
  readonly batches: readonly TableBatch[];
}

/** All tables of one lane: each a chain by itself, with its own buffer and schedule. */
export class LaneTables {
  readonly #buffers = new Map<string, SegmentBuffer>();
  constructor(
    private readonly chains: ReadonlyMap<string, Chain>,
    /** By table: up to which row of silver's lane it held all when the lane was taken over. Those are not published again. */
    private readonly stored: ReadonlyMap<string, Coordinate | null>,
    cutNow: () => Cut,
    context: Pick<LaneContext, 'limits' | 'observer' | 'stopping' | 'failed'>,
  ) {
    for (const [name, chain] of chains)
      this.#buffers.set(name, new SegmentBuffer(chain, cutNow, context.limits, context));
  }

  /** Takes what follows from all records up to where the lane stands now: a segment may be cut at once. */
  add(followed: readonly FollowingRows[]): void {
    const news = new Map<string, TableBatch[]>();
    for (const { upTo, batches } of followed)
      for (const batch of batches) if (!this.#isStored(batch, upTo)) addTo(news, batch);
    for (const [name, batches] of news) this.#bufferOf(name).add(...batches);
  }

  #isStored({ schema }: TableBatch, upTo: Coordinate | null): boolean {
    const stored = this.stored.get(schema.name) ?? null;
    return upTo !== null && stored !== null && compareCoordinates(upTo, stored) <= 0;
  }

  #bufferOf(name: string): SegmentBuffer {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) throw new Error(`${name} is not a table of this layer`);
    return buffer;
  }

  async ready(): Promise<void> {
    for (const buffer of this.#buffers.values()) await buffer.ready();
  }

  async flush(): Promise<void> {
    for (const buffer of this.#buffers.values()) await buffer.flush();
  }

  /** Input offsets below this one are published in every table. */
  get publishedTo(): number {
    return Math.min(...[...this.chains.values()].map((chain) => chain.end));
  }

  /** Resolves when every table is published up to where the lane stands now; the cuts are made before this returns. */
  async checkpoint(): Promise<void> {
    await Promise.all([...this.#buffers.values()].map((buffer) => buffer.checkpoint()));
  }

  async drop(): Promise<void> {
    for (const buffer of this.#buffers.values()) await buffer.drop();
  }

  status(): Pick<LaneStatus, 'published' | 'lastSegment'> {
    const published = Object.fromEntries([...this.chains].map(([name, chain]) => [name, chain.end]));
    const [newest] = [...this.chains.values()]
      .flatMap((chain) =>
        chain.lastFooter === undefined ? [] : [{ table: chain.table.name, footer: chain.lastFooter }],
      )
      .sort((a, b) => b.footer.next - a.footer.next);
    if (newest === undefined) return { published, lastSegment: null };
    const { first, next, rows } = newest.footer;
    return { published, lastSegment: { table: newest.table, first, next, rows } };
  }
}

function addTo(batches: Map<string, TableBatch[]>, batch: TableBatch): void {
  const of = batches.get(batch.schema.name);
  if (of === undefined) batches.set(batch.schema.name, [batch]);
  else of.push(batch);
}
