import { ChangeSignal, emptyGroup, GroupSeat } from '@engine/stream/testing';
import type { Group, GroupBook, Lease, Member } from '@engine/stream/testing';

import type { SimProcess } from '../machine/sim-process.js';
import type { World } from '../machine/world.js';

/** How long a process may be silent before its lanes are given to others. */
export const SESSION_MS = 3_000;

interface OwnedLease {
  readonly member: Member;
  readonly process: SimProcess;
  /** By the group's clock. */
  isAlive: boolean;
  /** By its own: it may learn later that it was given up. */
  isHeld: boolean;
}

/** What the members of a group share. */
class SharedGroup {
  readonly books: WorldGroupBook[] = [];
  readonly leases: OwnedLease[] = [];
  group: Group;

  constructor(partitions: number) {
    this.group = emptyGroup(partitions);
  }
}

/** The groups of one world: the real seats, on a book that all processes write in. */
export class WorldGroups {
  readonly #groups = new Map<string, SharedGroup>();
  #made = 0;

  constructor(private readonly world: World) {}

  seat(name: string, partitions: number): GroupSeat<Member> {
    let shared = this.#groups.get(name);
    if (shared === undefined) this.#groups.set(name, (shared = new SharedGroup(partitions)));
    const book = new WorldGroupBook(shared, this.world, this.world.current!, () => `member-${this.#made++}`);
    shared.books.push(book);
    return new GroupSeat(book);
  }

  /** It gives no sign of life any more. */
  died(process: SimProcess): void {
    this.world.after(SESSION_MS, null, `session of ${process.name} ends`, () => {
      this.#giveUp(process);
    });
  }

  /** Stopped for longer than a session, it finds its leases gone when it wakes up. */
  paused(process: SimProcess): void {
    const { world } = this;
    const untilMs = process.pausedUntilMs;
    if (untilMs - world.nowMs <= SESSION_MS) return;
    world.after(SESSION_MS, null, `session of ${process.name} ends`, () => {
      this.#giveUp(process);
      this.#learns(process);
    });
  }

  /** Its signs of life do not arrive, and it does not know: two owners who both believe they are. */
  cutOff(process: SimProcess, ms: number): void {
    this.#giveUp(process);
    this.world.after(ms, null, `${process.name} learns that it was given up`, () => {
      this.#learns(process);
    });
  }

  /** Its signs of life come late, again and again: its leases have run out by its own clock, and are renewed before anybody else noticed. */
  flicker(process: SimProcess, times: number, ms: () => number): void {
    if (times === 0) return;
    this.world.after(ms(), null, `leases of ${process.name} run out`, () => {
      const late = this.#leasesOf(process).filter(({ isAlive, isHeld }) => isAlive && isHeld);
      for (const lease of late) lease.isHeld = false;
      this.world.after(ms(), null, `leases of ${process.name} are renewed`, () => {
        for (const lease of late) lease.isHeld = lease.isAlive;
        this.#notice(process);
        this.flicker(process, times - 1, ms);
      });
    });
  }

  #giveUp(process: SimProcess): void {
    for (const shared of this.#groups.values()) {
      const lost = shared.leases.filter((lease) => lease.process === process && lease.isAlive);
      for (const lease of lost) lease.isAlive = false;
      if (lost.length > 0) raise(shared, this.world, process);
    }
  }

  #learns(process: SimProcess): void {
    for (const lease of this.#leasesOf(process)) if (!lease.isAlive) lease.isHeld = false;
    this.#notice(process);
  }

  #leasesOf(process: SimProcess): readonly OwnedLease[] {
    return [...this.#groups.values()].flatMap(({ leases }) =>
      leases.filter((lease) => lease.process === process),
    );
  }

  #notice(process: SimProcess): void {
    for (const { books } of this.#groups.values())
      for (const book of books) if (book.process === process && !process.isDead) book.notice();
  }
}

class WorldGroupBook implements GroupBook {
  readonly changes = new ChangeSignal();

  constructor(
    private readonly shared: SharedGroup,
    private readonly world: World,
    readonly process: SimProcess,
    private readonly newId: () => string,
  ) {}

  read(): Promise<Group> {
    return this.#call('read the group', () => this.shared.group);
  }

  update(change: (group: Group) => Group): Promise<Group> {
    return this.#call('change the group', () => {
      const changed = change(this.shared.group);
      if (changed !== this.shared.group) {
        this.shared.group = changed;
        raise(this.shared, this.world, null);
      }
      return changed;
    });
  }

  lease(): Lease {
    const lease = { member: { id: this.newId() }, process: this.process, isAlive: true, isHeld: true };
    this.shared.leases.push(lease);
    return {
      member: lease.member,
      isHeld: () => lease.isHeld,
      revive: () => {
        lease.isAlive = lease.isHeld = true;
      },
      end: () => {
        lease.isAlive = lease.isHeld = false;
      },
    };
  }

  isAlive({ id }: Member): boolean {
    return this.shared.leases.some(({ member, isAlive }) => member.id === id && isAlive);
  }

  watch(): void {
    // The world tells everybody of everyone's end.
  }

  forget(): void {
    // A member leaves nothing behind.
  }

  notice(): void {
    this.world.after(this.world.director.latencyMs(), this.process, 'notice of the group', () => {
      this.changes.raise();
    });
  }

  #call<T>(label: string, act: () => T): Promise<T> {
    return this.world.call({ kind: 'group', label }, act, (code) => new Error(code));
  }
}

function raise({ books }: SharedGroup, _world: World, except: SimProcess | null): void {
  for (const book of books) if (book.process !== except && !book.process.isDead) book.notice();
}
