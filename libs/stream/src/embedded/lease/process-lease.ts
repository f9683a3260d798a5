import { randomUUID } from 'node:crypto';
import type { ChangeSignal } from '../../consumer/change-signal.js';
import type { Lease } from '../../group/group-book.js';
import type { Member } from '../../group/group.js';
import { thisProcess } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { machineMs } from './pulses.js';
import type { Pulses } from './pulses.js';

/** A consumer in some process of this machine. */
export interface ProcessMember extends Member {
  readonly process: ProcessIdentity;
  /** It counts as dead when it has not been seen alive for so long. */
  readonly leaseMs: number;
}

export interface LeaseTimes {
  /** How long a member that is stopped or hangs keeps its partitions. Default 10 s. */
  readonly leaseMs: number;
  /** How often a member shows that it lives. Default 3 s. */
  readonly renewMs: number;
  /** How often it looks whether the others do, if there are any. Default 250 ms. */
  readonly checkMs: number;
}

export const defaultLeaseTimes: LeaseTimes = { leaseMs: 10_000, renewMs: 3_000, checkMs: 250 };

/** The lease of a member in this process, renewed by a timer that keeps no process alive. */
export class ProcessLease implements Lease<ProcessMember> {
  readonly member: ProcessMember;
  readonly #renewal: NodeJS.Timeout;
  #heldUntilMs: number;

  constructor(
    private readonly pulses: Pulses,
    private readonly changes: ChangeSignal,
    { leaseMs, renewMs }: LeaseTimes,
  ) {
    this.member = { id: randomUUID(), process: thisProcess(), leaseMs };
    this.#heldUntilMs = pulses.begin(this.member.id) + leaseMs;
    this.#renewal = setInterval(() => {
      this.#renew();
    }, renewMs).unref();
  }

  isHeld(): boolean {
    return machineMs() < this.#heldUntilMs;
  }

  revive(): void {
    this.#heldUntilMs = this.pulses.beat(this.member.id) + this.member.leaseMs;
  }

  end(): void {
    clearInterval(this.#renewal);
    this.#heldUntilMs = -Infinity;
    this.pulses.end(this.member.id);
  }

  /** What has run out is not renewed just so: another one may have what was ours. */
  #renew(): void {
    if (this.isHeld()) {
      try {
        this.revive();
      } catch {
        // Not renewed this time; if it goes on like that, the lease runs out.
      }
    } else {
      this.changes.raise();
    }
  }
}
