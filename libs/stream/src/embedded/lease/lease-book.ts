import type { ChangeSignal } from '../../consumer/change-signal.js';
import type { GroupBook } from '../../group/group-book.js';
import { emptyGroup } from '../../group/group.js';
import type { Group } from '../../group/group.js';
import type { Database, Environment } from '../environment.js';
import { isGone, thisProcess } from './process-identity.js';
import { ProcessLease } from './process-lease.js';
import type { LeaseTimes, ProcessMember } from './process-lease.js';
import type { Pulses } from './pulses.js';

export interface LeaseBookParts {
  readonly environment: Environment;
  readonly changes: ChangeSignal;
  readonly pulses: Pulses;
  readonly times: LeaseTimes;
}

export interface GroupName {
  readonly topic: string;
  readonly group: string;
  readonly partitions: number;
}

/** File systems round times; only a pulse of another run of the machine lies further ahead. */
const roundingMs = 2_000;

/** One group in the lease folder: one JSON value, so that a change of it is one small transaction. */
export class LeaseBook implements GroupBook<ProcessMember> {
  readonly #own = thisProcess();
  readonly #key: Buffer;
  #check: NodeJS.Timeout | undefined;
  #watched: readonly ProcessMember[] = [];

  constructor(
    private readonly parts: LeaseBookParts,
    private readonly name: GroupName,
  ) {
    this.#key = Buffer.from(`${name.topic}/${name.group}`);
  }

  get changes(): ChangeSignal {
    return this.parts.changes;
  }

  read(): Promise<Group<ProcessMember>> {
    return this.parts.environment.read((db) => this.#stored(db));
  }

  async update(change: (group: Group<ProcessMember>) => Group<ProcessMember>): Promise<Group<ProcessMember>> {
    const group = await this.parts.environment.write((db) => {
      const before = this.#stored(db);
      const after = change(before);
      if (after !== before) void db.put(this.#key, Buffer.from(JSON.stringify(after)));
      return after;
    });
    this.changes.raise();
    return group;
  }

  lease(): ProcessLease {
    return new ProcessLease(this.parts.pulses, this.changes, this.parts.times);
  }

  isAlive(member: ProcessMember): boolean {
    if (isGone(member.process, this.#own)) return false;
    const ageMs = this.parts.pulses.ageMs(member.id);
    return ageMs < member.leaseMs && ageMs > -roundingMs;
  }

  /** Nobody tells when a process has died, so look. */
  watch(members: readonly ProcessMember[]): void {
    this.#watched = members;
    if (members.length === 0) {
      clearInterval(this.#check);
      this.#check = undefined;
    } else {
      this.#check ??= setInterval(() => {
        if (!this.#watched.every((member) => this.isAlive(member))) this.changes.raise();
      }, this.parts.times.checkMs).unref();
    }
  }

  forget(members: readonly ProcessMember[]): void {
    for (const { id } of members) this.parts.pulses.end(id);
  }

  #stored(db: Database): Group<ProcessMember> {
    const { partitions } = this.name;
    const stored = db.get(this.#key);
    const group = stored && (JSON.parse(stored.toString()) as Group<ProcessMember>);
    // Of another length: written of a topic of that name that is no more.
    return group?.owners.length === partitions ? group : emptyGroup(partitions);
  }
}
