import type { LaneLeases } from '../group/lane-leases.js';
import { isRetriable, OffsetOutOfRangeError } from '../ports.js';
import type { ConsumerOptions, LaneListener } from '../ports.js';
import type { Backoff } from './backoff.js';
import { Lane } from './lane.js';
import { LaneLoop } from './lane-loop.js';
import { LaneOwner } from './lane-owner.js';
import type { LaneSource } from './lane-source.js';
import { Stop } from './stop.js';

const defaultLimits = { maxRecords: 5_000, maxBytes: 8 * 1024 * 1024 };

export interface LaneSharingParts {
  readonly source: LaneSource;
  readonly leases: LaneLeases;
  readonly listener: LaneListener;
  readonly backoff: Backoff;
  readonly options: ConsumerOptions;
}

/** Works on the lanes that the leases give, and gives up those that they take away. */
export class LaneSharing {
  readonly #stop = new Stop();
  readonly #owner: LaneOwner;
  #lanes: readonly Lane[] = [];
  #loops: readonly LaneLoop[] = [];
  #failure: { error: unknown } | undefined;
  #waitingSince: number | undefined;

  constructor(private readonly parts: LaneSharingParts) {
    const { source, listener, backoff, options } = parts;
    const mayTryAgain = (error: unknown): boolean =>
      isRetriable(error) || (options.whenOvertaken === 'reassign' && error instanceof OffsetOutOfRangeError);
    this.#owner = new LaneOwner(source, listener, backoff, mayTryAgain);
  }

  /** True while everything there is has been dealt with, and no lane is to be taken or given up. */
  get isIdle(): boolean {
    return this.#waitingSince === this.parts.leases.changes.version && this.#loops.every((l) => l.isIdle);
  }

  requestStop(): void {
    this.#stop.request();
    for (const loop of this.#loops) loop.requestStop();
    this.parts.leases.changes.raise();
  }

  report(partition: number, offset: number): Promise<void> {
    return this.parts.leases.report(partition, offset);
  }

  /** Once: gives up what is to be given up, then takes what is free for us. */
  async balance(): Promise<void> {
    let share = await this.parts.leases.claim();
    while (share.surplus.length > 0) {
      this.#own(share.taken);
      await this.#giveUp(share.surplus);
      share = await this.parts.leases.claim();
    }
    this.#own(share.taken);
    await this.#work();
  }

  /** Balances after every change until a stop is asked for; rejects with what ends the consumer. */
  async run(): Promise<void> {
    const { changes } = this.parts.leases;
    while (!this.#stop.isRequested) {
      const version = changes.version;
      await this.balance();
      this.#waitingSince = version;
      await changes.changedSince(version);
      this.#waitingSince = undefined;
    }
    if (this.#failure) throw this.#failure.error;
  }

  /** After the batches at hand: gives everything back. Afterwards others can take it. */
  async end(): Promise<void> {
    this.requestStop();
    try {
      await this.#giveUp(this.#lanes.map((lane) => lane.partition));
    } finally {
      await this.parts.leases.leave();
    }
  }

  #own(partitions: readonly number[]): void {
    const taken = partitions.map((partition) => new Lane(partition));
    this.#lanes = [...this.#lanes, ...taken].sort((a, b) => a.partition - b.partition);
  }

  async #giveUp(partitions: readonly number[]): Promise<void> {
    const isGivenUp = (lane: Lane): boolean => partitions.includes(lane.partition);
    await this.#halt(this.#loops.filter(({ lanes }) => lanes.some(isGivenUp)));
    const givenUp = this.#lanes.filter(isGivenUp);
    this.#lanes = this.#lanes.filter((lane) => !isGivenUp(lane));
    await this.#owner.revoke(givenUp);
    await this.parts.leases.release(partitions);
  }

  /** Sees to it that every lane of ours is assigned and worked on. */
  async #work(): Promise<void> {
    const isMerged = this.parts.options.order === 'record-time';
    const idle = this.#lanes.filter((lane) => !this.#loops.some(({ lanes }) => lanes.includes(lane)));
    if (idle.length === 0) return;
    if (isMerged) await this.#halt(this.#loops);
    const isFree = (lane: Lane): boolean => isMerged || idle.includes(lane);
    await this.#owner.revoke(this.#lanes.filter((lane) => lane.hasDropped && isFree(lane)));
    const unassigned = this.#lanes.filter((lane) => !lane.assignment && isFree(lane));
    if (unassigned.length > 0) await this.#assign(unassigned);
    if (this.#stop.isRequested) return;
    const groups = isMerged ? [this.#lanes] : idle.map((lane) => [lane]);
    for (const lanes of groups) this.#start(lanes);
  }

  /**
   * Restoring much state can keep a process from renewing its leases. While no batch is out, nobody has been told that
   * they ran out, so that they may be taken up again; or a lane too large for its lease would be restored for ever.
   */
  async #assign(lanes: readonly Lane[]): Promise<void> {
    const { leases } = this.parts;
    const isUntold = this.#loops.length === 0 && leases.isHeld();
    await this.#owner.assign(lanes, this.#stop);
    if (isUntold && !leases.isHeld()) await leases.revive();
  }

  #start(lanes: readonly Lane[]): void {
    const { source, listener, leases, options } = this.parts;
    const loop = new LaneLoop(lanes, {
      source,
      listener,
      owner: this.#owner,
      limits: options.limits ?? defaultLimits,
      isHeld: () => leases.isHeld(),
    });
    this.#loops = [...this.#loops, loop];
    void loop.run().catch((error: unknown) => {
      this.#failure ??= { error };
      this.requestStop();
    });
  }

  async #halt(loops: readonly LaneLoop[]): Promise<void> {
    await Promise.all(loops.map((loop) => loop.stop()));
    this.#loops = this.#loops.filter((loop) => !loops.includes(loop));
  }
}
