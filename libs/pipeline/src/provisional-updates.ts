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
 * updated at most once in that time however many ticks come; and not before the last ones were acknowledged, so that updates
 * do not pile up before a log that is slower than the ticks: what changes meanwhile is sent once.
 */
export class ProvisionalUpdates<Update> implements LaneCompanion {
  #timer: NodeJS.Timeout | undefined;
  #lastSent = -Infinity;
  #sending: Promise<void> | undefined;
  /** Ticks came while updates were on their way. */
  #isBehind = false;
  #isClosed = false;
  #introduced = false;
  #failure: unknown;

  constructor(
    private readonly lane: ProvisionalLane<Update>,
    private readonly intervalMs = 50,
  ) {}

  processed(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
    if (this.lane.isReplaying() || this.#timer !== undefined) return;
    if (this.#sending === undefined) this.#sendInTime();
    else this.#isBehind = true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#sending;
  }

  #sendInTime(): void {
    const wait = this.#lastSent + this.intervalMs - performance.now();
    if (wait <= 0) this.#send();
    else this.#timer = setTimeout(this.#send, wait);
  }

  readonly #send = (): void => {
    this.#timer = undefined;
    this.#lastSent = performance.now();
    const changed = this.lane.takeChanged();
    const updates = this.#introduced ? changed : this.lane.all();
    this.#introduced = true;
    this.#sending = this.#emit(updates);
  };

  async #emit(updates: readonly Update[]): Promise<void> {
    try {
      await this.lane.emit(updates);
    } catch (error) {
      this.#failure = error;
      this.lane.failed(error);
    }
    this.#sending = undefined;
    if (!this.#isBehind || this.#isClosed || this.#failure !== undefined) return;
    this.#isBehind = false;
    this.#sendInTime();
  }
}
