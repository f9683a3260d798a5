import type { Chain, ChainStore } from '@engine/lake/ports';
import type { TableBatch, TableSchema } from '@engine/medallion';

import type { LaneStatus } from './lane-status.js';
import type { PipelineObserver } from './observer.js';
import { SegmentBuffer } from './segment-buffer.js';
import type { Cut, SegmentLimits } from './segment-buffer.js';

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

/** All tables of one lane: each a chain by itself, with its own buffer and schedule. */
export class LaneTables {
  readonly #buffers = new Map<string, SegmentBuffer>();
  /** Where each table's stored rows ended when the lane was taken over. */
  readonly #ends: ReadonlyMap<string, number>;
  /** Input offsets at which some table's stored rows end: rows below are not published again. */
  readonly boundaries: readonly number[];

  constructor(
    private readonly chains: ReadonlyMap<string, Chain>,
    cutNow: () => Cut,
    limits: SegmentLimits,
    observer: PipelineObserver,
  ) {
    for (const [name, chain] of chains)
      this.#buffers.set(name, new SegmentBuffer(chain, cutNow, limits, observer));
    this.#ends = new Map([...chains].map(([name, chain]) => [name, chain.end]));
    this.boundaries = [...new Set(this.#ends.values())].sort((a, b) => a - b);
  }

  /** Takes the rows of a stretch of input that begins at `first` and crosses none of `boundaries`. */
  add(batches: readonly TableBatch[], first: number): void {
    for (const batch of batches) {
      const name = batch.schema.name;
      const buffer = this.#buffers.get(name);
      if (buffer === undefined) throw new Error(`${name} is not a table of this layer`);
      if (first >= (this.#ends.get(name) ?? 0)) buffer.add(batch);
    }
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
