import type { ChangeSignal } from '../consumer/change-signal.js';

/** What a look at the group has changed for one consumer. */
export interface Share {
  /** Partitions that are ours from now on. */
  readonly taken: readonly number[];
  /** Partitions to give up: they are another member's turn, or were lost. `release` them when nothing works on them any more. */
  readonly surplus: readonly number[];
}

/**
 * The partitions that one consumer may work on.
 *
 * Leases are for liveness, not for safety: they see to it that every partition has an owner soon, and one at a time as
 * long as nothing goes wrong. A process that was stopped can wake up inside a write it had begun and act as an owner
 * after another one has taken over; no lock between processes can prevent that. What keeps the rows right then is that
 * readers drop the coordinates they have seen, and that a file's name is taken only once.
 */
export interface LaneLeases {
  /** Raised when `claim` may come to something else than before. */
  readonly changes: ChangeSignal;
  /** False once the leases have run out by this process's own clock: known at once, before anyone tells. */
  isHeld(): boolean;
  /** Joins the group where we are not in it, clears away dead members, and takes what is free of our share. */
  claim(): Promise<Share>;
  /** Takes up leases again that have run out, unless somebody has cleared them away. Only while no batch is out. */
  revive(): Promise<void>;
  /** See `LogConsumer.reportPosition`. */
  report(partition: number, offset: number): Promise<void>;
  /** What was reported of them is told before, if the log is there to hear it. */
  release(partitions: readonly number[]): Promise<void>;
  /** Gives everything back at once. */
  leave(): Promise<void>;
}
