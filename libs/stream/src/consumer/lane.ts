import type { LogRecord, ReadLimits } from '../ports.js';
import type { Fetched, Wanted } from './lane-source.js';
import type { FetchedLane } from './merge-by-record-time.js';

/** One time that a partition was ours. */
export interface Assignment {
  isRevoked: boolean;
  /** What went wrong between two batches. */
  failure?: { readonly error: unknown };
}

/** A partition as its consumer holds it: what was fetched ahead, and where to go on. */
export class Lane implements FetchedLane {
  records: readonly LogRecord[] = [];
  hasBacklog = false;
  /** undefined: the partition is not ours at present. */
  assignment: Assignment | undefined;
  /** A batch of it was dropped as stale: it must not go on before it was assigned anew. */
  hasDropped = false;
  #fetchFrom = 0;
  /** The listener knows that everything below was dealt with. */
  #told = 0;

  constructor(readonly partition: number) {}

  assign(position: number, assignment: Assignment): void {
    this.assignment = assignment;
    this.hasDropped = false;
    this.records = [];
    this.hasBacklog = false;
    this.#fetchFrom = position;
    this.#told = position;
  }

  revoke(): void {
    if (this.assignment) this.assignment.isRevoked = true;
    this.assignment = undefined;
    this.records = [];
    this.hasBacklog = false;
  }

  /** Asks for records only when there are none left, for the end always. */
  wanted(limits: ReadLimits): Wanted {
    const wish = { partition: this.partition, from: this.#fetchFrom };
    return this.records.length > 0 ? wish : { ...wish, limits };
  }

  add({ records, next, end }: Fetched): void {
    if (records.length > 0) {
      this.records = records;
      this.#fetchFrom = records.at(-1)!.offset + 1;
    }
    this.#fetchFrom = Math.max(this.#fetchFrom, next ?? 0);
    this.hasBacklog = this.#fetchFrom < end;
  }

  /** Forgets the first `count` records: they were delivered. */
  drop(count: number): void {
    this.#told = this.records[count - 1]!.offset + 1;
    this.records = this.records.slice(count);
  }

  /** Once, when all records were delivered: where the lane goes on, if that is not just behind the last one. */
  takePassed(): number | undefined {
    if (!this.assignment || this.records.length > 0 || this.#fetchFrom === this.#told) return undefined;
    this.#told = this.#fetchFrom;
    return this.#told;
  }
}
