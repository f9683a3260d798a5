import { Chain, ChainStore } from '@engine/lake/ports';
import type {
  GenerationFacts,
  ScannedRows,
  SegmentDraft,
  SegmentFooter,
  StoredChain,
} from '@engine/lake/ports';
import type { TableSchema } from '@engine/medallion';

import type { LakeWatch } from './lake-watch.js';

/** The lake as owners see it: of what they take for published it is looked whether it is. */
export class WatchedLake extends ChainStore {
  constructor(
    private readonly lake: ChainStore,
    private readonly watch: LakeWatch,
  ) {
    super();
  }

  async open(table: TableSchema, lane: number): Promise<Chain> {
    const chain = await this.lake.open(table, lane);
    this.watch.takenOver(table.name, lane, chain.end);
    return new OwnersChain(chain, this.watch);
  }

  read(table: TableSchema, lane: number): Promise<StoredChain> {
    return this.lake.read(table, lane);
  }

  generation(layer: string): Promise<GenerationFacts> {
    return this.lake.generation(layer);
  }

  acceptedByEventTime(
    ...wanted: Parameters<ChainStore['acceptedByEventTime']>
  ): AsyncGenerator<ScannedRows, void> {
    return this.lake.acceptedByEventTime(...wanted);
  }
}

class OwnersChain extends Chain {
  constructor(
    private readonly chain: Chain,
    private readonly watch: LakeWatch,
  ) {
    super();
  }

  get table(): TableSchema {
    return this.chain.table;
  }

  get lane(): number {
    return this.chain.lane;
  }

  get end(): number {
    return this.chain.end;
  }

  get lastFooter(): SegmentFooter | undefined {
    return this.chain.lastFooter;
  }

  startAt(offset: number): Promise<void> {
    return this.chain.startAt(offset);
  }

  async publish(draft: SegmentDraft): Promise<SegmentFooter> {
    const footer = await this.chain.publish(draft);
    this.watch.acknowledged(this.table.name, this.lane, footer);
    return footer;
  }
}
