export interface LaneClockSnapshot {
  readonly us: number;
  readonly markerUs: number;
}

/** A lane's clock: the highest accepted event time or marker so far. It never goes back. */
export class LaneClock {
  #us = -Infinity;
  #markerUs = -Infinity;

  /** µs since the epoch; -Infinity before the first tick or marker. */
  get us(): number {
    return this.#us;
  }

  /** Takes an accepted tick's event time into account and returns the clock. */
  tick(eventTimeUs: number): number {
    if (eventTimeUs > this.#us) this.#us = eventTimeUs;
    return this.#us;
  }

  /** False when the marker is not above the lane's previous marker: then it changes nothing. */
  marker(markerUs: number): boolean {
    if (markerUs <= this.#markerUs) return false;
    this.#markerUs = markerUs;
    this.tick(markerUs);
    return true;
  }

  snapshot(): LaneClockSnapshot {
    return { us: this.#us, markerUs: this.#markerUs };
  }

  static restore({ us, markerUs }: LaneClockSnapshot): LaneClock {
    const clock = new LaneClock();
    clock.#us = us;
    clock.#markerUs = markerUs;
    return clock;
  }
}
