import type { LogRecord, OffsetRange, ReadLimits } from '../ports.js';
import type { ChangeSignal } from './change-signal.js';

/** What to fetch of a partition. Without `limits` nothing is read and only the end is told. */
export interface Wanted {
  readonly partition: number;
  readonly from: number;
  readonly limits?: ReadLimits;
}

export interface Fetched {
  readonly records: readonly LogRecord[];
  /** Where to go on: there is nothing to be seen before. Default: behind the last record. */
  readonly next?: number;
  /** The partition's end when it was read. */
  readonly end: number;
}

/** A topic as a consumer pulls from it. */
export interface LaneSource {
  readonly topic: string;
  /** Raised after every append to the topic, from whatever process, and now and then without one. */
  readonly changes: ChangeSignal;
  ranges(): Promise<readonly OffsetRange[]>;
  /** One answer per wish, in their order, all of them from one moment. Throws `OffsetOutOfRangeError`, also where only the end is wanted. */
  fetch(wanted: readonly Wanted[]): Promise<readonly Fetched[]>;
}
