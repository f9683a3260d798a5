import { ChangeSignal } from '../consumer/change-signal.js';
import type { LaneLeases, Share } from './lane-leases.js';

/** Without a group: every partition is ours, for as long as we like. */
export class AllLanes implements LaneLeases {
  readonly changes = new ChangeSignal();
  #unclaimed: readonly number[];

  constructor(partitions: number) {
    this.#unclaimed = Array.from({ length: partitions }, (_, partition) => partition);
  }

  isHeld(): boolean {
    return true;
  }

  claim(): Promise<Share> {
    const taken = this.#unclaimed;
    this.#unclaimed = [];
    return Promise.resolve({ taken, surplus: [] });
  }

  revive(): Promise<void> {
    return Promise.resolve();
  }

  report(): Promise<void> {
    return Promise.resolve();
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  leave(): Promise<void> {
    return Promise.resolve();
  }
}
