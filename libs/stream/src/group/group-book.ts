import type { ChangeSignal } from '../consumer/change-signal.js';
import type { Group, Member } from './group.js';

/** A member's sign of life, given again and again until it ends. */
export interface Lease<M extends Member = Member> {
  readonly member: M;
  /** False once it was not renewed in time. */
  isHeld(): boolean;
  /** Takes it up again. Inside a change of the book, so that nobody clears the member away meanwhile. */
  revive(): void;
  end(): void;
}

/** Where the members of one group write down who they are and whose the partitions are. */
export interface GroupBook<M extends Member = Member> {
  /** Raised after every change, by whatever process, when a lease of this process has run out, and when a watched member has died. */
  readonly changes: ChangeSignal;
  read(): Promise<Group<M>>;
  /** One change at a time among all processes; written only if it makes another group. Resolves to what stands there then. */
  update(change: (group: Group<M>) => Group<M>): Promise<Group<M>>;
  /** Begins the lease of a new member, who is to be written down next. */
  lease(): Lease<M>;
  /** False when the member's process is gone, or has not renewed its lease in time. */
  isAlive(member: M): boolean;
  /** Looks after these members, and no others, from now on. */
  watch(members: readonly M[]): void;
  /** Clears away what is left of members that are in the group no more. */
  forget(members: readonly M[]): void;
}
