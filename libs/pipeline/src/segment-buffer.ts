import { ChainMovedError } from '@engine/lake/ports';
import type { Chain, SegmentDraft } from '@engine/lake/ports';
import type { TableBatch } from '@engine/medallion';

import { Amount } from './amount.js';
import { eitherOf, persist } from './persist.js';
import type { Persistence } from './persist.js';

export interface SegmentLimits {
  readonly maxRows: number;
  readonly maxMs: number;
}

/** Whom to tell that a lane cannot go on, as nobody may ask for long. */
export interface LaneTrouble {
  readonly failed: (error: unknown) => void;
}

/** Where a lane stands: what a segment that is cut now says of itself. */
export interface Cut extends Omit<SegmentDraft, 'batches'> {
  /** The rows' own input offsets are known no more: all that counts is that the segment ends at or below `next`. */
  readonly isFloating?: boolean;
}

/**
 * Rows of one table in one lane, on their way into segments. A segment is cut when enough rows wait, or enough text in
 * them, or the first has waited long enough; where the cuts fall changes nothing but the files. It is written while later
 * rows are already collected.
 */
export class SegmentBuffer {
  #batches: TableBatch[] = [];
  #waiting = Amount.none;
  /** Where the last segment that was cut ends, written or not. */
  #cutTo: number;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #unwritten = Amount.none;
  #failure: unknown;
  readonly #closing = new AbortController();
  readonly #persistence: Persistence;
  readonly #failed: LaneTrouble['failed'] | undefined;

  constructor(
    private readonly chain: Chain,
    private readonly cutNow: () => Cut,
    private readonly limits: SegmentLimits,
    { observer = {}, stopping, failed }: Persistence & Partial<LaneTrouble> = {},
  ) {
    this.#persistence = { observer, stopping: eitherOf(this.#closing.signal, stopping) };
    this.#failed = failed;
    this.#cutTo = chain.end;
  }

  /** Input offsets below this one are in published segments. */
  get publishedTo(): number {
    return this.chain.end;
  }

  /** Takes all rows whose input offsets lie below the lane's position as `cutNow` gives it from now on, and no others. */
  add(...batches: readonly TableBatch[]): void {
    for (const batch of batches) this.#waiting = this.#waiting.plus(Amount.of(batch));
    if (this.#waiting.rows === 0) return;
    this.#batches.push(...batches);
    this.#timer ??= setTimeout(() => {
      this.#cut();
    }, this.limits.maxMs);
    if (this.#waiting.fills(this.limits.maxRows)) this.#cut();
  }

  /** Resolves when there is room again; rejects when the chain cannot be continued by this owner. */
  async ready(): Promise<void> {
    if (this.#unwritten.exceeds(this.limits.maxRows)) await this.#writing;
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  /** Publishes all that waits. Rejects as `ready` does. */
  async flush(): Promise<void> {
    if (this.#waiting.rows > 0) this.#cut();
    if (this.#waiting.rows > 0)
      throw new Error(`${this.#where}: rows wait until the lane is past ${this.#cutTo}`);
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  /**
   * Publishes all up to where the lane stands now, with a segment without rows where there are none: a restart begins at
   * the smallest end of the layer's chains, which a quiet table must not hold back. The cut is made before this returns.
   */
  checkpoint(): Promise<void> {
    if (this.cutNow().next > this.#cutTo) this.#cut();
    return this.flush();
  }

  /** Publishes nothing more. What waited comes again from the log. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#closing.abort(new Error(`${this.#where}: the lane was given up`));
    this.#batches = [];
    this.#waiting = Amount.none;
    await this.#writing;
  }

  #cut(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { isFloating = false, ...cut } = this.cutNow();
    const next = isFloating ? Math.min(this.#cutTo + 1, cut.next) : cut.next;
    // A segment has at least one offset of its own; the rows wait for the lane to move on.
    if (next <= this.#cutTo) return;
    const draft = { ...cut, next, batches: this.#batches };
    this.#cutTo = next;
    const amount = this.#waiting;
    this.#batches = [];
    this.#waiting = Amount.none;
    this.#unwritten = this.#unwritten.plus(amount);
    this.#writing = this.#writing.then(async () => {
      if (this.#failure === undefined)
        await this.#write(draft, amount.rows).catch((error: unknown) => {
          this.#failure = error;
          this.#failed?.(error);
        });
      this.#unwritten = this.#unwritten.minus(amount);
    });
  }

  get #where(): string {
    return `${this.chain.table.name}/lane=${this.chain.lane}`;
  }

  /** Any failure but a moved chain (a full disk, say) may pass: the rows stay here until they are written. */
  async #write(draft: SegmentDraft, rows: number): Promise<void> {
    const { observer } = this.#persistence;
    const table = this.chain.table.name;
    const publish = async (): Promise<void> => {
      this.#closing.signal.throwIfAborted();
      const started = performance.now();
      await this.chain.publish(draft);
      observer?.segmentPublished?.(table, rows, (performance.now() - started) / 1000);
    };
    const canPass = (error: unknown): boolean => {
      const isRefused = error instanceof ChainMovedError;
      if (isRefused) observer?.segmentRefused?.(table);
      return !isRefused;
    };
    await persist(`publish ${this.#where}`, publish, this.#persistence, canPass);
  }
}
