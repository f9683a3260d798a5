import type { Log } from '@engine/stream/ports';

import type { Emitter } from './emitter.js';
import type { LaneCompanion } from './layer-runner.js';

/** What the keeper of a lane's markers must know of it. */
export interface MarkedLane {
  readonly lane: number;
  /** Records below this offset have been processed. */
  position(): number;
  /** The log's time of the newest record processed; undefined before the first. */
  lastRecordTimeMs(): number | undefined;
  /** Lane time now, µs; null before the first tick. */
  clockUs(): number | null;
  /** Lane time at which the next open window or bar closes, µs; null when nothing is open. */
  nextCloseUs(): number | null;
  /** Lane time that closes everything still open, µs; null when nothing is open. */
  closingMarkerUs(): number | null;
  /** Nothing closes in it any more: the next record, which would show that, may be long in coming. */
  failed(error: unknown): void;
}

interface MarkerContext {
  readonly log: Pick<Log, 'offsetRanges'>;
  readonly emitter: Emitter;
  /** The lane's own input topic: time becomes a record there like any other. */
  readonly topic: string;
  readonly encode: (markerUs: number) => string;
  readonly idleMs: number;
}

/**
 * Lets time pass in a lane without ticks. When the lane has been read to its end and nothing came for `idleMs`, a marker is
 * appended to the lane's input, but only once it closes a window or a bar. Its time is the lane's clock plus the wall time
 * since the lane's last record: read once, then it is data.
 *
 * The one timer per lane is set to the moment at which a marker would close something, so an idle lane costs nothing.
 */
export class IdleMarkers implements LaneCompanion {
  #timer: NodeJS.Timeout | undefined;
  #appending: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(
    private readonly marked: MarkedLane,
    private readonly context: MarkerContext,
  ) {}

  processed(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const due = this.#dueTimeMs();
    if (due !== undefined)
      this.#timer = setTimeout(this.#onDue, Math.min(Math.max(due - Date.now(), 0), LONGEST_TIMER_MS));
  }

  /** Appends the marker that closes everything still open in the lane; harmless when it was done before. */
  async closeAll(): Promise<void> {
    const markerUs = this.marked.closingMarkerUs();
    if (markerUs !== null) await this.#append(markerUs);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#appending;
  }

  readonly #onDue = (): void => {
    this.#appending = this.#appendIfIdle().catch((error: unknown) => {
      this.#failure = error;
      this.marked.failed(error);
    });
  };

  /** The wall time at which a marker would close something, but not before the lane was idle for long enough. */
  #dueTimeMs(): number | undefined {
    const lastRecordTimeMs = this.marked.lastRecordTimeMs();
    const clockUs = this.marked.clockUs();
    const nextCloseUs = this.marked.nextCloseUs();
    if (lastRecordTimeMs === undefined || clockUs === null || nextCloseUs === null) return undefined;
    return lastRecordTimeMs + Math.max(this.context.idleMs, Math.ceil((nextCloseUs - clockUs) / 1000));
  }

  async #appendIfIdle(): Promise<void> {
    const position = this.marked.position();
    const range = (await this.context.log.offsetRanges(this.context.topic))[this.marked.lane];
    // Records wait: they are news of their own, and the next batch sets the timer anew.
    if (range === undefined || range.end > position || this.marked.position() !== position) return;
    const due = this.#dueTimeMs();
    const clockUs = this.marked.clockUs();
    const lastRecordTimeMs = this.marked.lastRecordTimeMs();
    if (due === undefined || clockUs === null || lastRecordTimeMs === undefined) return;
    const now = Date.now();
    if (now < due) {
      this.processed();
      return;
    }
    await this.#append(clockUs + (now - lastRecordTimeMs) * 1000);
  }

  async #append(markerUs: number): Promise<void> {
    const { emitter, topic, encode } = this.context;
    await emitter.send(topic, [{ partition: this.marked.lane, value: encode(markerUs) }]);
  }
}

/** The longest that `setTimeout` can wait; whoever wakes up too early looks at the clock and waits again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
