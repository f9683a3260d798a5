import type { LakeDelta } from '@engine/lake';

/** Who is told of the Delta logs of our tables. */
export interface DeltaObserver {
  /** The newest version. */
  synced(table: string, version: number): void;
  failed(table: string, error: unknown): void;
}

/**
 * Keeps the Delta logs of a layer's tables after what is published in the lanes that are ours, in the background and one
 * table at a time: whoever publishes says so and goes on. What happens within `pauseMs` becomes one version.
 */
export class LaneDelta {
  readonly #lanes = new Set<number>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(
    private readonly lake: Pick<LakeDelta, 'tables' | 'sync' | 'close'>,
    private readonly pauseMs: number,
    private readonly observer: DeltaObserver,
  ) {}

  /** Their last owner may have died before it told the logs of everything. */
  own(lanes: readonly number[]): void {
    for (const lane of lanes) this.#lanes.add(lane);
    for (const { name } of this.lake.tables) this.#changed.add(name);
    void this.#sync();
  }

  /** Something of the table was published, compacted or retired. */
  changed(table: string): void {
    this.#changed.add(table);
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#sync(), this.pauseMs).unref();
  }

  /** Resolves when the logs have what was published in these lanes, or cannot be written now. */
  async release(lanes: readonly number[]): Promise<void> {
    await this.#sync();
    for (const lane of lanes) this.#lanes.delete(lane);
  }

  async close(): Promise<void> {
    await this.release([...this.#lanes]);
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#syncing;
    this.lake.close();
  }

  #sync(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#syncing = this.#syncing.then(() => this.#syncChanged()));
  }

  async #syncChanged(): Promise<void> {
    const tables = [...this.#changed];
    this.#changed.clear();
    if (this.#lanes.size === 0) return;
    for (const table of tables) {
      try {
        this.observer.synced(table, await this.lake.sync(table, [...this.#lanes]));
      } catch (error) {
        this.observer.failed(table, error);
        this.changed(table);
      }
    }
  }
}
