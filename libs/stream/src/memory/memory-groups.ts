import { ChangeSignal } from '../consumer/change-signal.js';
import type { GroupBook, Lease } from '../group/group-book.js';
import { GroupSeat } from '../group/group-seat.js';
import { emptyGroup } from '../group/group.js';
import type { Group, Member } from '../group/group.js';
import type { LaneLeases } from '../group/lane-leases.js';

/** The groups of a log in memory. No lease runs out by itself: a test says when. */
export class MemoryGroups {
  readonly #books = new Map<string, MemoryGroupBook>();

  seat(topic: string, group: string, partitions: number): LaneLeases {
    const key = JSON.stringify([topic, group]);
    const book = this.#books.get(key) ?? new MemoryGroupBook(partitions);
    this.#books.set(key, book);
    return new GroupSeat(book);
  }

  members(topic: string, group: string): readonly string[] {
    return this.#books.get(JSON.stringify([topic, group]))?.aliveMembers ?? [];
  }

  /** All leases that there are run out now. */
  expire(): void {
    for (const book of this.#books.values()) book.expire();
  }
}

class MemoryGroupBook implements GroupBook {
  readonly changes = new ChangeSignal();
  readonly #alive = new Set<string>();
  #group: Group;
  #made = 0;

  constructor(partitions: number) {
    this.#group = emptyGroup(partitions);
  }

  read(): Promise<Group> {
    return Promise.resolve(this.#group);
  }

  update(change: (group: Group) => Group): Promise<Group> {
    const changed = change(this.#group);
    const isSame = changed === this.#group;
    this.#group = changed;
    if (!isSame) this.changes.raise();
    return Promise.resolve(changed);
  }

  lease(): Lease {
    const member = { id: `member-${this.#made++}` };
    this.#alive.add(member.id);
    return {
      member,
      isHeld: () => this.isAlive(member),
      revive: () => {
        this.#alive.add(member.id);
      },
      end: () => {
        this.#alive.delete(member.id);
      },
    };
  }

  get aliveMembers(): readonly string[] {
    return this.#group.members.filter((member) => this.isAlive(member)).map(({ id }) => id);
  }

  isAlive({ id }: Member): boolean {
    return this.#alive.has(id);
  }

  watch(): void {
    // Whoever dies raises `changes` already.
  }

  forget(): void {
    // A member leaves nothing behind.
  }

  expire(): void {
    this.#alive.clear();
    this.changes.raise();
  }
}
