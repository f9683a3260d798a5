import type { LaneFailed, LaneListener, OffsetRange } from '../ports.js';
import { OffsetOutOfRangeError } from '../ports.js';
import type { Backoff } from './backoff.js';
import type { Assignment, Lane } from './lane.js';
import type { LaneSource } from './lane-source.js';
import type { Stop } from './stop.js';

interface Takeover {
  readonly assignments: ReadonlyMap<number, Assignment>;
  readonly failed: LaneFailed;
}

/** Takes lanes for the listener and gives them up again. */
export class LaneOwner {
  constructor(
    private readonly source: LaneSource,
    private readonly listener: LaneListener,
    private readonly backoff: Backoff,
    /** Whether an error has lanes assigned anew instead of ending the consumer. */
    readonly mayTryAgain: (error: unknown) => boolean,
  ) {}

  /** Tries until the listener can name its positions, or a stop is asked for (then the lanes stay unassigned). */
  async assign(lanes: readonly Lane[], stop: Stop, attempt = 0): Promise<void> {
    const takeover = this.#begin(lanes);
    let isAsked = false;
    while (!stop.isRequested) {
      isAsked = true;
      try {
        await this.#assignOnce(lanes, takeover);
        return;
      } catch (error) {
        if (!this.mayTryAgain(error)) throw error;
        await stop.sleep(this.backoff(attempt++));
      }
    }
    // What the listener has opened by now must not be taken for a part of the next takeover.
    if (isAsked) await this.listener.revoked(lanes.map((lane) => lane.partition));
  }

  async revoke(lanes: readonly Lane[]): Promise<void> {
    const held = lanes.filter((lane) => lane.assignment);
    if (held.length === 0) return;
    for (const lane of held) lane.revoke();
    await this.listener.revoked(held.map((lane) => lane.partition));
  }

  /** After the `attempt`-th failure in a row: gives the lanes up, and takes them again a little later. */
  async restart(lanes: readonly Lane[], stop: Stop, attempt: number): Promise<void> {
    await this.revoke(lanes);
    await stop.sleep(this.backoff(attempt));
    await this.assign(lanes, stop, attempt);
  }

  /** One for all its attempts: a listener may keep what it opened in one that failed, and tell of it what it was given there. */
  #begin(lanes: readonly Lane[]): Takeover {
    const assignments = new Map<number, Assignment>();
    for (const { partition } of lanes) assignments.set(partition, { isRevoked: false });
    const failed = (partition: number, error: unknown): void => {
      assignments.get(partition)!.failure ??= { error };
      this.source.changes.raise();
    };
    return { assignments, failed };
  }

  async #assignOnce(lanes: readonly Lane[], { assignments, failed }: Takeover): Promise<void> {
    const positions = await this.listener.assigned([...assignments.keys()], failed);
    const ranges = await this.source.ranges();
    const starts = lanes.map((lane) => this.#start(lane.partition, positions, ranges));
    lanes.forEach((lane, i) => {
      lane.assign(starts[i]!, assignments.get(lane.partition)!);
    });
  }

  #start(partition: number, positions: ReadonlyMap<number, number>, ranges: readonly OffsetRange[]): number {
    const position = positions.get(partition);
    if (position === undefined || !Number.isSafeInteger(position)) {
      throw new TypeError(`${this.source.topic}/${partition}: assigned() gave no position to start at`);
    }
    const range = ranges[partition]!;
    if (position < range.start || position > range.end) {
      throw new OffsetOutOfRangeError(this.source.topic, partition, position, range);
    }
    return position;
  }
}
