import type { LaneSnapshots } from '@engine/lake/ports';

import type { LaneSnapshot } from './lane-snapshot.js';
import type { LaneTables } from './lane-tables.js';
import type { PipelineObserver } from './observer.js';

interface CheckpointedLane {
  readonly lane: number;
  readonly tables: Pick<LaneTables, 'checkpoint' | 'publishedTo'>;
  position(): number;
  /** A copy of all that the lane needs to go on from its position. */
  copy(isFinal: boolean): LaneSnapshot;
}

/**
 * Makes snapshots of a lane, one at a time, while it goes on.
 *
 * The copy is taken between two batches, when everything that follows from the records below is acknowledged: whoever starts
 * from it sends nothing of that again. It becomes a snapshot only when all tables are published up to it.
 */
export class LaneCheckpoints {
  #isBetweenBatches = true;
  #isClosed = false;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = performance.now();
  #failures = 0;

  constructor(
    private readonly checkpointed: CheckpointedLane,
    private readonly snapshots: LaneSnapshots,
    private readonly intervalMs: number,
    private readonly observer: PipelineObserver,
    /** The snapshot that stands for the lane's position, if one does. */
    private newest: Pick<LaneSnapshot, 'offset' | 'isFinal'> | undefined,
  ) {}

  batchBegins(): void {
    this.#isBetweenBatches = false;
  }

  /** Everything that was sent because of it is acknowledged. */
  batchEnded(): void {
    this.#isBetweenBatches = true;
    this.#checkpointIfDue();
  }

  /** The last one, when the lane is given up; none where the last batch has not ended well. */
  async finish(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    if (!this.#isBetweenBatches) return;
    const { offset, isFinal } = this.newest ?? { offset: 0, isFinal: true };
    if (offset !== this.checkpointed.position() || !isFinal) await this.#checkpoint(true);
  }

  /** Begins no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#writing;
  }

  readonly #checkpointIfDue = (): void => {
    clearTimeout(this.#timer);
    const isBehind = this.checkpointed.position() > (this.newest?.offset ?? 0);
    if (!isBehind || !this.#isBetweenBatches || this.#isClosed || this.#writing !== undefined) return;
    const waitMs = this.#startedAt + this.intervalMs - performance.now();
    if (waitMs > 0) {
      this.#timer = setTimeout(this.#checkpointIfDue, waitMs);
      return;
    }
    this.#writing = this.#checkpoint(false).then(this.#onWritten, this.#onFailed);
  };

  readonly #onWritten = (): void => {
    this.#writing = undefined;
    this.#checkpointIfDue();
  };

  readonly #onFailed = (error: unknown): void => {
    this.#writing = undefined;
    this.observer.snapshotFailed?.(this.checkpointed.lane, error, ++this.#failures);
    if (!this.#isClosed) this.#timer = setTimeout(this.#checkpointIfDue, Math.max(this.intervalMs, RETRY_MS));
  };

  /** Copies and cuts before it awaits anything. */
  async #checkpoint(isFinal: boolean): Promise<void> {
    const { lane, tables } = this.checkpointed;
    this.#startedAt = performance.now();
    const snapshot = this.checkpointed.copy(isFinal);
    await tables.checkpoint();
    await this.snapshots.write(snapshot);
    this.newest = { offset: snapshot.offset, isFinal };
    this.#failures = 0;
    this.observer.snapshotWritten?.(lane, (performance.now() - this.#startedAt) / 1000);
    this.observer.checkpointed?.(lane, snapshot.offset);
    await this.snapshots.prune(tables.publishedTo);
  }
}

/** How long it waits at least after a snapshot that failed. */
const RETRY_MS = 1_000;
