import type { LaneCompanion } from './layer-runner.js';

interface ProvisionalLane<Update> {
  /** While old records are processed again nothing is news. */
  isReplaying(): boolean;
  /** What changed since the last call, an update per bar or symbol. */
  takeChanged(): readonly Update[];
  /**
   * What readers may not know although nothing changed, as they came while this lane was away: in parts, each as it stands
   * when it is asked for.
   */
  unknown(): Iterator<readonly Update[]>;
  emit(updates: readonly Update[]): Promise<void>;
  failed(error: unknown): void;
}

/**
 * Sends what a lane's open bars look like: at once when it was quiet, else at most every `intervalMs`, so that a key is
 * updated at most once in that time however many ticks come; and not before the last ones were acknowledged, so that updates
 * do not pile up before a log that is slower than the ticks: what changes meanwhile is sent once.
 *
 * What is told without having changed goes out beside them, a part of it every `intervalMs`: a hundred bars of each of a
 * thousand symbols must not stand in the way of the first new one.
 */
export class ProvisionalUpdates<Update> implements LaneCompanion {
  #timer: NodeJS.Timeout | undefined;
  #lastSent = -Infinity;
  #sending: Promise<void> | undefined;
  /** Ticks came while updates were on their way. */
  #isBehind = false;
  #isClosed = false;
  #unknown: Iterator<readonly Update[]> | undefined;
  #tellTimer: NodeJS.Timeout | undefined;
  #telling: Promise<void> | undefined;
  #failure: unknown;

  constructor(
    private readonly lane: ProvisionalLane<Update>,
    private readonly intervalMs = 50,
  ) {}

  processed(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
    if (this.lane.isReplaying()) return;
    if (this.#unknown === undefined) this.#tellUnknown(this.lane.unknown());
    if (this.#timer !== undefined) return;
    if (this.#sending === undefined) this.#sendInTime();
    else this.#isBehind = true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#tellTimer);
    await this.#sending;
    await this.#telling;
  }

  #sendInTime(): void {
    const wait = this.#lastSent + this.intervalMs - performance.now();
    if (wait <= 0) this.#send();
    else this.#timer = setTimeout(this.#send, wait);
  }

  readonly #send = (): void => {
    this.#timer = undefined;
    this.#lastSent = performance.now();
    this.#sending = this.#emit(this.lane.takeChanged()).then(this.#onSent);
  };

  readonly #onSent = (): void => {
    this.#sending = undefined;
    if (!this.#isBehind || this.#isOver) return;
    this.#isBehind = false;
    this.#sendInTime();
  };

  #tellUnknown(unknown: Iterator<readonly Update[]>): void {
    this.#unknown = unknown;
    const part = nextPart(unknown);
    if (part.length === 0) return;
    this.#telling = this.#emit(part).then(() => {
      if (this.#isOver) return;
      this.#tellTimer = setTimeout(() => {
        this.#tellUnknown(unknown);
      }, this.intervalMs);
    });
  }

  get #isOver(): boolean {
    return this.#isClosed || this.#failure !== undefined;
  }

  async #emit(updates: readonly Update[]): Promise<void> {
    try {
      await this.lane.emit(updates);
    } catch (error) {
      this.#failure = error;
      this.lane.failed(error);
    }
  }
}

/** So many updates at least go out at a time. */
const PART = 1_000;

function nextPart<Update>(unknown: Iterator<readonly Update[]>): readonly Update[] {
  const part: Update[] = [];
  while (part.length < PART) {
    const next = unknown.next();
    if (next.done === true) break;
    for (const update of next.value) part.push(update);
  }
  return part;
}
