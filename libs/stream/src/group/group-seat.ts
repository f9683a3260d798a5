import type { ChangeSignal } from '../consumer/change-signal.js';
import type { GroupBook, Lease } from './group-book.js';
import { filled, isMember, joined, keptBy, left, released } from './group.js';
import type { Group, Member } from './group.js';
import type { LaneLeases, Share } from './lane-leases.js';

/** The leases of one consumer in a group. */
export class GroupSeat<M extends Member> implements LaneLeases {
  #lease: Lease<M> | undefined;
  #held: readonly number[] = [];

  constructor(private readonly book: GroupBook<M>) {}

  get changes(): ChangeSignal {
    return this.book.changes;
  }

  isHeld(): boolean {
    return this.#lease?.isHeld() === true;
  }

  async claim(): Promise<Share> {
    const seen = await this.book.read();
    if (this.#lease && !this.#isIn(seen, this.#lease)) {
      this.#lose(this.#lease);
      // What was ours has to be given up before we may come back: it may be another one's by now.
      if (this.#held.length > 0) return { taken: [], surplus: this.#held };
    }
    const isNew = this.#lease === undefined;
    const { member } = (this.#lease ??= this.book.lease());
    const group = await this.#settle(seen, (before) => (isNew ? joined(before, member) : before));
    this.book.watch(group.members.filter(({ id }) => id !== member.id));
    return this.#share(keptBy(group, member.id));
  }

  async revive(): Promise<void> {
    const lease = this.#lease;
    if (!lease) return;
    await this.book.update((group) => {
      if (isMember(group, lease.member.id)) lease.revive();
      return group;
    });
  }

  /** There are no tools that ask: the engine's own metrics have the lag. */
  report(): Promise<void> {
    return Promise.resolve();
  }

  async release(partitions: readonly number[]): Promise<void> {
    this.#held = this.#held.filter((partition) => !partitions.includes(partition));
    const id = this.#lease?.member.id;
    if (id !== undefined) await this.book.update((group) => released(group, id, partitions));
  }

  async leave(): Promise<void> {
    this.#held = [];
    this.book.watch([]);
    const lease = this.#lease;
    this.#lease = undefined;
    if (!lease) return;
    try {
      await this.book.update((group) => left(group, [lease.member.id]));
    } finally {
      lease.end();
    }
  }

  /** Writes only where there is something to change: most looks find everything in order. */
  async #settle(seen: Group<M>, join: (group: Group<M>) => Group<M>): Promise<Group<M>> {
    const dead = new Set<M>();
    const settled = (before: Group<M>): Group<M> => {
      const gone = before.members.filter((member) => !this.#isOwn(member) && !this.book.isAlive(member));
      for (const member of gone) dead.add(member);
      const alive = left(
        before,
        gone.map(({ id }) => id),
      );
      return filled(join(alive), this.#lease!.member.id);
    };
    if (settled(seen) === seen) return seen;
    const group = await this.book.update(settled);
    this.book.forget([...dead].filter(({ id }) => !isMember(group, id)));
    return group;
  }

  #share(kept: readonly number[]): Share {
    const held = this.#held;
    const taken = kept.filter((partition) => !held.includes(partition));
    const surplus = held.filter((partition) => !kept.includes(partition));
    this.#held = [...held, ...taken];
    return { taken, surplus };
  }

  /** Also not while we are still written down but our lease has run out: others need not wait for us to notice. */
  #isIn(group: Group<M>, { member }: Lease<M>): boolean {
    return this.isHeld() && isMember(group, member.id);
  }

  #isOwn(member: M): boolean {
    return member.id === this.#lease?.member.id;
  }

  #lose(lease: Lease<M>): void {
    this.#lease = undefined;
    lease.end();
  }
}
