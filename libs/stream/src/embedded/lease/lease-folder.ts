import { join } from 'node:path';
import { ChangeSignal } from '../../consumer/change-signal.js';
import { GroupSeat } from '../../group/group-seat.js';
import type { LaneLeases } from '../../group/lane-leases.js';
import { Environment } from '../environment.js';
import { FileChanges } from '../file-changes.js';
import { dataFile } from '../topic-store.js';
import { LeaseBook } from './lease-book.js';
import type { LeaseTimes } from './process-lease.js';
import { Pulses } from './pulses.js';

/** No topic can have this name. */
const folderName = '@leases';

/**
 * Who shares which topic in a log: a small LMDB environment, written only when somebody comes or goes and watched by
 * everybody in a group, and next to it the members' pulses, which nobody watches.
 */
export class LeaseFolder {
  readonly #changes = new ChangeSignal();
  readonly #environment: Environment;
  readonly #watch: FileChanges;
  readonly #pulses: Pulses;
  readonly #books = new Set<LeaseBook>();

  constructor(
    logFolder: string,
    private readonly times: LeaseTimes,
  ) {
    const folder = join(logFolder, folderName);
    this.#environment = new Environment(folder);
    this.#pulses = new Pulses(join(folder, 'pulses'));
    this.#watch = new FileChanges(join(folder, dataFile), this.#changes);
  }

  seat(topic: string, group: string, partitions: number): LaneLeases {
    return new GroupSeat(this.book(topic, group, partitions));
  }

  /** What stands written of one group. */
  book(topic: string, group: string, partitions: number): LeaseBook {
    const book = new LeaseBook(
      { environment: this.#environment, changes: this.#changes, pulses: this.#pulses, times: this.times },
      { topic, group, partitions },
    );
    this.#books.add(book);
    return book;
  }

  checkReaders(): void {
    this.#environment.checkReaders();
  }

  async close(): Promise<void> {
    for (const book of this.#books) book.watch([]);
    this.#watch.close();
    await this.#environment.close();
  }
}
