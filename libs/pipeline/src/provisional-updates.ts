import type { LaneCompanion } from './layer-runner.js';

interface ProvisionalLane<Update> {
  /** While old records are processed again nothing is news. */
  isReplaying(): boolean;
  /** What changed since the last call, an update per bar or symbol. */
  takeChanged(): readonly Update[];
  /** All that is open, for readers that came while this lane was away. */
  all(): readonly Update[];
  emit(updates: readonly Update[]): Promise<void>;
  failed(error: unknown): void;
}

/**
 * Sends what a lane's open bars look like: at once when it was quiet, else at most every `intervalMs`, so that a key is
 * updated at most once in that time however many ticks come.
 */
export class ProvisionalUpdates<Update> implements LaneCompanion {
  #timer: NodeJS.Timeout | undefined;
  #lastSent = -Infinity;
  #sending: Promise<void> = Promise.resolve();
  #introduced = false;
  #failure: unknown;

  constructor(
    private readonly lane: ProvisionalLane<Update>,
    private readonly intervalMs = 50,
  ) {}

  processed(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
    if (this.lane.isReplaying() || this.#timer !== undefined) return;
    const wait = this.#lastSent + this.intervalMs - performance.now();
    if (wait <= 0) this.#send();
    else this.#timer = setTimeout(this.#send, wait);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#sending;
  }

  readonly #send = (): void => {
    this.#timer = undefined;
    this.#lastSent = performance.now();
    const changed = this.lane.takeChanged();
    const updates = this.#introduced ? changed : this.lane.all();
    this.#introduced = true;
    this.#sending = this.lane.emit(updates).catch((error: unknown) => {
      this.#failure = error;
      this.lane.failed(error);
    });
  };
}
