import type { LaneStatus } from '@engine/contracts';
import type { Chain } from '@engine/lake/ports';
import type { TableBatch } from '@engine/medallion';

import type { LaneContext } from './lane-wiring.js';
import { replayProgress } from './replay-progress.js';
import { SegmentBuffer } from './segment-buffer.js';
import type { Cut } from './segment-buffer.js';
import { addVerdicts } from './verdict-counts.js';

/** A partition of `stock-ticks` on its way into `bronze/events`. */
export class BronzePartition {
  readonly #buffer: SegmentBuffer;
  readonly #verdicts = new Map<string, number>();
  #position: number;
  #lanes: string;
  #recordTimeUs: number | null;
  readonly #start: number;

  constructor(
    private readonly chain: Chain,
    /** Where its input ended when it was taken over. */
    private readonly replayEnd: number,
    identity: { readonly rules: string; readonly topic: string },
    { limits, observer, stopping, failed }: Pick<LaneContext, 'limits' | 'observer' | 'stopping' | 'failed'>,
  ) {
    this.#position = chain.end;
    this.#start = chain.end;
    this.#lanes = chain.lastFooter?.lanes ?? '{}';
    this.#recordTimeUs = chain.lastFooter?.watermark ?? null;
    const cutNow = (): Cut => ({
      ...identity,
      next: this.#position,
      watermark: this.#recordTimeUs,
      lanes: this.#lanes,
      through: null,
    });
    this.#buffer = new SegmentBuffer(chain, cutNow, limits, { observer, stopping, failed });
  }

  get position(): number {
    return this.#position;
  }

  /** Takes the rows of records whose ticks every lane has acknowledged: only those may be published. */
  acknowledged(rows: {
    events: TableBatch;
    next: number;
    recordTimeUs: number;
    lanes: string;
    verdicts: ReadonlyMap<string, number>;
  }): void {
    this.#position = rows.next;
    this.#recordTimeUs = rows.recordTimeUs;
    this.#lanes = rows.lanes;
    addVerdicts(this.#verdicts, rows.verdicts);
    this.#buffer.add(rows.events);
  }

  ready(): Promise<void> {
    return this.#buffer.ready();
  }

  flush(): Promise<void> {
    return this.#buffer.flush();
  }

  close(): Promise<void> {
    return this.#buffer.drop();
  }

  status(inputEnd: number): LaneStatus {
    const { lane, table, end, lastFooter } = this.chain;
    const segment = lastFooter && {
      table: table.name,
      first: lastFooter.first,
      next: lastFooter.next,
      rows: lastFooter.rows,
    };
    return {
      lane,
      inputEnd,
      position: this.#position,
      acknowledged: true,
      watermarkUs: this.#recordTimeUs,
      symbols: 0,
      verdicts: Object.fromEntries(this.#verdicts),
      published: { [table.name]: end },
      lastSegment: segment ?? null,
      restoring: replayProgress(this.#start, this.#position, this.replayEnd),
    };
  }
}
