import type { LaneStatus } from '@engine/contracts';
import type { Chain } from '@engine/lake/ports';
import type { TableBatch } from '@engine/medallion';

import type { LaneContext } from './lane-wiring.js';
import type { PipelineObserver } from './observer.js';
import { replayProgress } from './replay-progress.js';
import { SegmentBuffer } from './segment-buffer.js';
import type { Cut } from './segment-buffer.js';
import { addVerdicts } from './verdict-counts.js';

/** A partition of `stock-ticks` on its way into `bronze/events`. */
export class BronzePartition {
  readonly #buffer: SegmentBuffer;
  readonly #verdicts = new Map<string, number>();
  #position: number;
  /** Behind the last record that has a row: all rows are published when the chain ends here. */
  #rowsTo: number;
  #lanes: string;
  #recordTimeUs: number | null;
  readonly #start: number;

  constructor(
    private readonly chain: Chain,
    /** Where its input ended when it was taken over. */
    private readonly replayEnd: number,
    identity: { readonly rules: string; readonly topic: string },
    private readonly context: Pick<LaneContext, 'limits' | 'observer' | 'stopping' | 'failed'>,
  ) {
    const { limits, observer, stopping, failed } = context;
    this.#position = chain.end;
    this.#rowsTo = chain.end;
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
    const segmentPublished: PipelineObserver['segmentPublished'] = (...segment) => {
      observer.segmentPublished?.(...segment);
      this.#checkpointed();
    };
    this.#buffer = new SegmentBuffer(chain, cutNow, limits, {
      observer: { ...observer, segmentPublished },
      stopping,
      failed,
    });
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
    this.#rowsTo = rows.next;
    this.#recordTimeUs = rows.recordTimeUs;
    this.#lanes = rows.lanes;
    addVerdicts(this.#verdicts, rows.verdicts);
    this.#buffer.add(rows.events);
  }

  /** Below `offset` there is nothing more to keep. */
  passed(offset: number): void {
    this.#position = offset;
    if (this.chain.end >= this.#rowsTo) this.#checkpointed();
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

  /** A restart begins at the chain's end, and finds nothing before `position` where all rows are published. */
  #checkpointed(): void {
    const { lane, end } = this.chain;
    this.context.observer.checkpointed?.(lane, end >= this.#rowsTo ? this.#position : end);
  }
}
