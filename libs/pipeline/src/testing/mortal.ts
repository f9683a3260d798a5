import { ChainMovedError, ChainStore, LaneSnapshots, SnapshotStore } from '@engine/lake/ports';
import type {
  Chain,
  GenerationFacts,
  SegmentDraft,
  SegmentFooter,
  Snapshot,
  StoredChain,
} from '@engine/lake/ports';
import type { TableSchema } from '@engine/medallion';
import { LogError } from '@engine/stream/ports';
import type { Log, LogProducer, OutgoingRecord } from '@engine/stream/ports';
import type { MemoryLog } from '@engine/stream/testing';

/** What a process that was killed would have gone on to do does not happen. */
class KilledError extends LogError {
  readonly retriable = false;
}

/** A step that changes log or lake: `send <topic>`, `publish <table>`, `snapshot <layer>`, `prune <layer>`. */
type Step = string;

interface Death {
  stepsLeft: number;
  readonly matches: (step: Step) => boolean;
  readonly when: 'before' | 'after';
}

/** One life of a process: all it does to log and lake ends the moment it is killed. */
export class Life {
  #sendsLeft = Infinity;
  #lands: (record: OutgoingRecord) => boolean = () => false;
  #death: Death | undefined;
  readonly #holds = new Map<string, Promise<void>>();
  isOver = false;

  kill(): void {
    this.isOver = true;
  }

  /** Dies at the n-th send from now on (1: the next); of its records those land that `lands` says. */
  killAtSend(n: number, lands: (record: OutgoingRecord) => boolean): void {
    this.#sendsLeft = n;
    this.#lands = lands;
  }

  /** Dies before or right after the n-th step from now on whose name begins so. */
  killAtStep(n: number, when: Death['when'], prefix: string): void {
    this.#death = { stepsLeft: n, when, matches: (step) => step.startsWith(prefix) };
  }

  /** Steps whose names begin so do not begin before the function that is returned was called. */
  hold(prefix: string): () => void {
    let release: () => void = () => undefined;
    this.#holds.set(prefix, new Promise((done) => (release = done)));
    return () => {
      this.#holds.delete(prefix);
      release();
    };
  }

  /** Throws when life is over, before the step or after it. */
  async step<T>(name: Step, act: () => Promise<T>): Promise<T> {
    const isLast = this.#isLast(name);
    for (const [prefix, hold] of this.#holds) if (name.startsWith(prefix)) await hold;
    if (isLast && this.#death?.when === 'before') this.isOver = true;
    this.check();
    const result = await act();
    if (isLast) this.isOver = true;
    this.check();
    return result;
  }

  check(): void {
    if (this.isOver) throw new KilledError('killed');
  }

  /** The log as this process sees it. */
  log(log: MemoryLog): Pick<Log, 'describeTopic' | 'offsetRanges' | 'read' | 'createProducer'> {
    const alive = async <T>(call: () => Promise<T>): Promise<T> => {
      this.check();
      return call();
    };
    return {
      describeTopic: (topic) => alive(() => log.describeTopic(topic)),
      offsetRanges: (topic) => alive(() => log.offsetRanges(topic)),
      read: (topic, partition, from, limits) => alive(() => log.read(topic, partition, from, limits)),
      createProducer: () => alive(async () => this.#producer(await log.createProducer())),
    };
  }

  /** The lake as this process sees it. */
  lake(lake: ChainStore): ChainStore {
    return new MortalStore(lake, this);
  }

  snapshots(store: SnapshotStore): SnapshotStore {
    return new MortalSnapshotStore(store, this);
  }

  #isLast(step: Step): boolean {
    return this.#death?.matches(step) === true && --this.#death.stepsLeft === 0;
  }

  #producer(producer: LogProducer): LogProducer {
    return {
      send: (topic, records) => this.step(`send ${topic}`, () => this.#send(producer, topic, records)),
      close: () => producer.close(),
    };
  }

  async #send(producer: LogProducer, topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    if (--this.#sendsLeft > 0) return producer.send(topic, records);
    this.isOver = true;
    return producer.send(topic, records.filter(this.#lands));
  }
}

class MortalStore extends ChainStore {
  constructor(
    private readonly lake: ChainStore,
    private readonly life: Life,
  ) {
    super();
  }

  async open(table: TableSchema, lane: number): Promise<Chain> {
    const chain = await this.lake.open(table, lane);
    const { life } = this;
    const publish = (draft: SegmentDraft): Promise<SegmentFooter> =>
      // Any other error would be tried again until the lane is given up.
      life
        .step(`publish ${table.name}`, () => chain.publish(draft))
        .catch((error: unknown) => {
          throw life.isOver ? new ChainMovedError(table.name, lane, chain.end) : error;
        });
    return {
      table,
      lane,
      get end() {
        return chain.end;
      },
      get lastFooter() {
        return chain.lastFooter;
      },
      startAt: (offset) => chain.startAt(offset),
      publish,
    };
  }

  read(table: TableSchema, lane: number): Promise<StoredChain> {
    return this.lake.read(table, lane);
  }

  generation(layer: string): Promise<GenerationFacts> {
    return this.lake.generation(layer);
  }

  acceptedByEventTime(
    ...asked: Parameters<ChainStore['acceptedByEventTime']>
  ): ReturnType<ChainStore['acceptedByEventTime']> {
    return this.lake.acceptedByEventTime(...asked);
  }
}

class MortalSnapshotStore extends SnapshotStore {
  constructor(
    private readonly store: SnapshotStore,
    private readonly life: Life,
  ) {
    super();
  }

  async open(layer: string, lane: number): Promise<LaneSnapshots> {
    return new MortalSnapshots(await this.store.open(layer, lane), this.life, layer);
  }
}

class MortalSnapshots extends LaneSnapshots {
  constructor(
    private readonly snapshots: LaneSnapshots,
    private readonly life: Life,
    private readonly layer: string,
  ) {
    super();
  }

  list(): Promise<readonly number[]> {
    return this.snapshots.list();
  }

  read(offset: number): Promise<Snapshot> {
    return this.snapshots.read(offset);
  }

  write(snapshot: Snapshot): Promise<void> {
    return this.life.step(`snapshot ${this.layer}`, () => this.snapshots.write(snapshot));
  }

  prune(end: number): Promise<void> {
    return this.life.step(`prune ${this.layer}`, () => this.snapshots.prune(end));
  }
}
