/** [startUs, endUs), µs since the epoch. */
export interface TimeWindow {
  readonly startUs: number;
  readonly endUs: number;
}

/**
 * Windows of `sizeUs` that start every `slideUs`, aligned to the Unix epoch. (60 s, 30 s): 10:00:45 lies in
 * [10:00:30, 10:01:30) and [10:00:00, 10:01:00). In the first minute of 1970 a window may start below 0.
 */
export class SlidingWindows {
  /** Throws a RangeError unless both are positive integers and the slide is at most the size. */
  constructor(
    readonly sizeUs: number,
    readonly slideUs: number,
  ) {
    assertPositiveInteger('window size', sizeUs);
    assertPositiveInteger('window slide', slideUs);
    if (slideUs > sizeUs)
      throw new RangeError(
        `window slide: ${slideUs} µs is above the size ${sizeUs} µs, ticks between would be lost; use a slide up to the size`,
      );
  }

  /** Start of the newest window that holds the instant. */
  newestStartAt(instantUs: number): number {
    // Exact: for a quotient just below an integer the gap is at least 1/slide, above half a unit in the last place while instant < 2^53.
    return Math.floor(instantUs / this.slideUs) * this.slideUs;
  }

  /** Start of the oldest window that holds the instant. */
  oldestStartAt(instantUs: number): number {
    return (Math.floor((instantUs - this.sizeUs) / this.slideUs) + 1) * this.slideUs;
  }

  /** The windows that hold the instant, newest first. */
  windowsAt(instantUs: number): readonly TimeWindow[] {
    const windows: TimeWindow[] = [];
    const oldest = this.oldestStartAt(instantUs);
    for (let startUs = this.newestStartAt(instantUs); startUs >= oldest; startUs -= this.slideUs)
      windows.push({ startUs, endUs: startUs + this.sizeUs });
    return windows;
  }
}

function assertPositiveInteger(field: string, value: number): void {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new RangeError(`${field}: ${value} is not a positive whole number of µs; use one such as 60000000`);
}
