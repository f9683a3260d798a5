import { ChangeSignal } from '../consumer/change-signal.js';
import type { Fetched, LaneSource, Wanted } from '../consumer/lane-source.js';
import { withinLimits } from '../consumer/within-limits.js';
import type { LogRecord, OffsetRange, TopicDescription } from '../ports.js';
import type { KafkaConnection } from './kafka-connection.js';
import { LongPoll } from './long-poll.js';
import type { FetchPosition, Stretch } from './stretch.js';
import { TopicReader } from './topic-reader.js';

/** Per partition and request: enough to be fast, little enough not to hold the event loop up while it is decoded. */
const maxFetchBytes = 1024 * 1024;

/** How soon a consumer that was given nothing is to look again when nobody asks the broker to tell. */
const lookAgainMs = 100;

/** What of a partition is here already. */
interface Ahead {
  /** The offset that is asked for next. */
  readonly from: number;
  readonly records: readonly LogRecord[];
  /** Where to fetch next: between `from` and here there is nothing but `records`. */
  readonly next: number;
  /** Where the partition ended. */
  readonly end: number;
}

export interface TopicConnections {
  /** For what is answered at once. */
  readonly reads: KafkaConnection;
  /** One more, of its own, for who waits. */
  waiting(): KafkaConnection;
}

/**
 * A topic as one consumer pulls from it: what was fetched and not asked for yet is kept, and while there is nothing, the
 * broker is asked to answer as soon as there is.
 */
export class KafkaTopic implements LaneSource {
  readonly changes = new ChangeSignal();
  readonly #ahead = new Map<number, Ahead>();
  /** By partitions: those that are asked for together wait together. */
  readonly #polls = new Map<string, LongPoll>();
  #lookAgain: NodeJS.Timeout | undefined;

  constructor(
    private readonly description: TopicDescription,
    private readonly connections: TopicConnections,
  ) {}

  get topic(): string {
    return this.description.name;
  }

  ranges(): Promise<readonly OffsetRange[]> {
    const { name, partitions } = this.description;
    return this.connections.reads.read(`${name}: offsets`, async (cluster) =>
      (await TopicReader.open(cluster, name)).ranges(partitions),
    );
  }

  async fetch(wanted: readonly Wanted[]): Promise<readonly Fetched[]> {
    const lacking = wanted.filter((wish) => wish.limits !== undefined && !this.#hasRecords(wish));
    if (lacking.length > 0) await this.#fetchAhead(wanted, lacking);
    this.#seeToChanges();
    return wanted.map((wish) => this.#take(wish));
  }

  close(): void {
    clearTimeout(this.#lookAgain);
    for (const poll of this.#polls.values()) poll.close();
  }

  /**
   * While some partitions have records nobody waits for those of another one that is behind and gave none: its next message is
   * so large that Kafka left it out of an answer which had others before it, or belongs to a transaction that is open. Nor does
   * anybody while records wait for a lease.
   */
  #seeToChanges(): void {
    const isWaiting = [...this.#polls.values()].some((poll) => poll.isWaiting);
    if (isWaiting || this.#lookAgain !== undefined) return;
    this.#lookAgain = setTimeout(() => {
      this.#lookAgain = undefined;
      this.changes.raise();
    }, lookAgainMs);
  }

  async #fetchAhead(wanted: readonly Wanted[], lacking: readonly Wanted[]): Promise<void> {
    const positions = lacking.map((wish) => this.#position(wish));
    const poll = this.#pollOf(wanted);
    if (poll.isWaitingFor(positions)) return;
    const maxBytes = Math.min(maxFetchBytes, ...lacking.map(({ limits }) => limits!.maxBytes));
    const stretches = poll.takeAnswer(positions) ?? (await this.#read(positions, maxBytes));
    lacking.forEach((wish, i) => {
      this.#keep(wish, stretches[i]!);
    });
    const isNothingHere = !wanted.some((wish) => wish.limits === undefined || this.#hasRecords(wish));
    if (isNothingHere)
      poll.start(
        wanted.map((wish) => this.#position(wish)),
        maxBytes,
      );
  }

  #read(positions: readonly FetchPosition[], maxBytes: number): Promise<readonly Stretch[]> {
    return this.connections.reads.read(`${this.topic}: fetch`, async (cluster) =>
      (await TopicReader.open(cluster, this.topic)).fetch(positions, { maxBytes, maxWaitMs: 0 }),
    );
  }

  #keep({ partition, from }: Wanted, { records, next, end }: Stretch): void {
    this.#ahead.set(partition, { from, records, next, end });
  }

  #take({ partition, from, limits }: Wanted): Fetched {
    const ahead = this.#ahead.get(partition);
    // Only the end is asked for: the one that was last seen will do.
    if (ahead === undefined || limits === undefined) return { records: [], end: ahead?.end ?? from };
    const isBehind = ahead.next < ahead.end;
    const records = withinLimits(ahead.records, limits);
    const rest = ahead.records.slice(records.length);
    const next = rest.length > 0 ? records.at(-1)!.offset + 1 : Math.max(from, ahead.next);
    this.#ahead.set(partition, { ...ahead, from: next, records: rest });
    return { records, next, end: isBehind || rest.length > 0 ? ahead.end : next };
  }

  #hasRecords({ partition, from }: Wanted): boolean {
    const ahead = this.#ahead.get(partition);
    return ahead?.from === from && ahead.records.length > 0;
  }

  #position({ partition, from }: Wanted): FetchPosition {
    const ahead = this.#ahead.get(partition);
    return { partition, from: ahead?.from === from ? ahead.next : from };
  }

  #pollOf(wanted: readonly Wanted[]): LongPoll {
    const key = wanted.map(({ partition }) => partition).join();
    const poll = this.#polls.get(key) ?? new LongPoll(this.topic, this.connections.waiting(), this.changes);
    this.#polls.set(key, poll);
    return poll;
  }
}
