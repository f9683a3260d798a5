/** A record as the log keeps it. `timeMs` is the log's own append time, never the sender's. */
export interface LogRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timeMs: number;
  readonly key: Buffer | null;
  /** null: a tombstone. */
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

export interface OutgoingRecord {
  readonly partition: number;
  readonly key?: string | null;
  readonly value: Buffer | string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long records are kept at least, where the log can let them go by age and creates the topic. Default: the log's own. */
  readonly retentionMs?: number;
}

export interface TopicDescription {
  readonly name: string;
  readonly partitions: number;
  /** Changes when the topic is deleted and made again. */
  readonly id: string;
}

/** Offsets [start, end) that a partition still holds. */
export interface OffsetRange {
  readonly start: number;
  readonly end: number;
}

export interface ReadLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** Anything that went wrong with the log. `retriable`: the same call may succeed later. */
export abstract class LogError extends Error {
  abstract readonly retriable: boolean;
  override get name(): string {
    return this.constructor.name;
  }
}

/** Whether whoever threw it says that the same call may succeed later; not every such error is the log's own. */
export function isRetriable(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retriable' in error && error.retriable === true;
}

/** The topic is not there, or has another number of partitions than asked for. */
export class TopicMismatchError extends LogError {
  readonly retriable = false;
  readonly exitCode = 78;
}

/** The position wanted is not in the log any more (or not yet): going on elsewhere would lose rows. */
export class OffsetOutOfRangeError extends LogError {
  readonly retriable = false;
  readonly exitCode = 78;
  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly wanted: number,
    readonly available: OffsetRange,
  ) {
    super(
      `${topic}/${partition}: offset ${wanted} was wanted, the log holds [${available.start}, ${available.end}). ` +
        'The log was shortened (LOG_RETENTION_BYTES, or the retention of the topic) or replaced under its reader. Silver and ' +
        'gold go on from the lake at their next start, if it reaches so far; else bring the older records back, or run ' +
        '`engine lake archive` to move the lake aside and begin a new one.',
    );
  }
}

/** A send whose outcome is unknown: the same records must be sent again, or their origins restarted, before anything later. */
export class SendOutcomeUnknownError extends LogError {
  readonly retriable = true;
}

/** Appends records. One send at a time: a second one before the first has ended is refused. */
export abstract class LogProducer {
  /**
   * Appends all records, those of one partition in the order given, and resolves once **every** partition holds its part
   * durably. After a rejection the outcome is unknown, for each partition by itself.
   */
  abstract send(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  abstract close(): Promise<void>;
}

/** Records handed to a listener: of one partition in offset order or, with `order: 'record-time'`, merged by (timeMs, partition, offset). */
export interface LogBatch {
  readonly topic: string;
  readonly records: readonly LogRecord[];
  /** True once a partition in it was given up or lost: what is left of the batch must not be acted on. */
  isStale(): boolean;
}

/** A partition cannot go on although no batch of it is out: the consumer does what it does when a batch is rejected so. */
export type LaneFailed = (partition: number, error: unknown) => void;

/** What a consumer tells its owner. The calls never overlap for one partition. */
export interface LaneListener {
  /**
   * The partitions are ours from now on: returns the offset at which to start each. Who works on in the background tells
   * `failed` what went wrong there, as the next batch may be long in coming; once a partition was given up nobody listens.
   * After a rejection with `retriable: true` the same partitions are assigned again; what was opened of them may be kept.
   */
  assigned(partitions: readonly number[], failed: LaneFailed): Promise<ReadonlyMap<number, number>>;
  /** Resolves when the batch is dealt with and the next may come. A rejection with `retriable: true` has the batch's partitions assigned anew; any other ends the consumer. */
  batch(batch: LogBatch): Promise<void>;
  /**
   * Below `offset` there is nothing that was not dealt with: a log may hold what nobody is to see, such as a transaction's
   * marks, and whoever compares its position with the log's end would wait for that.
   */
  passed?(partition: number, offset: number): void;
  /** The partitions are no longer ours. */
  revoked(partitions: readonly number[]): Promise<void>;
}

export interface ConsumerOptions {
  readonly topic: string;
  /**
   * Instances of one group share the partitions, and each is one instance's at a time unless that one hangs: who was
   * taken for dead may be in the middle of a write when it wakes up. Without a group a consumer reads all for itself.
   */
  readonly group?: string;
  /** How batches are made while several partitions have a backlog. Default: `partition`, each by itself. */
  readonly order?: 'partition' | 'record-time';
  /** Per batch. Default 5,000 records, 8 MiB. */
  readonly limits?: ReadLimits;
  /**
   * When the log has lost what was to be read next: end with `OffsetOutOfRangeError` (the default), or have the partitions
   * assigned anew. That is for listeners who can do without, and name a position that is there.
   */
  readonly whenOvertaken?: 'end' | 'reassign';
}

export abstract class LogConsumer {
  /** Starts to deliver. Resolves once the first assignment was answered; in a group, at once where nothing is free yet. */
  abstract start(listener: LaneListener): Promise<void>;
  /** Resolves after the batch at hand has been dealt with and `revoked` was answered. */
  abstract stop(): Promise<void>;
  /**
   * Tells the log that a restart would go on from `offset`, for whoever watches the group from outside (lag tools,
   * autoscalers): nobody starts there. Of a partition that is not ours it says nothing, and a log without such tools
   * keeps nothing. Rejects when it could not be told yet; it is told later then, and nothing may wait for it.
   */
  abstract reportPosition(partition: number, offset: number): Promise<void>;
  /** Rejects when the consumer ended by an error, resolves after `stop`. */
  abstract readonly ended: Promise<void>;
}

/** The log at which the apps meet: topics of ordered, durable partitions. */
export abstract class Log {
  /** Creates the topic where it is missing; throws `TopicMismatchError` where it has another number of partitions. */
  abstract ensureTopic(spec: TopicSpec): Promise<TopicDescription>;
  /** undefined: there is no such topic. */
  abstract describeTopic(name: string): Promise<TopicDescription | undefined>;
  /** Per partition, in order of the partitions. */
  abstract offsetRanges(topic: string): Promise<readonly OffsetRange[]>;
  /** Records from offset `from` on, as many as there are within the limits but at least one if there is one. Throws `OffsetOutOfRangeError`. */
  abstract read(
    topic: string,
    partition: number,
    from: number,
    limits: ReadLimits,
  ): Promise<readonly LogRecord[]>;
  abstract createProducer(): Promise<LogProducer>;
  abstract createConsumer(options: ConsumerOptions): LogConsumer;
  /** Who is in a group that reads the topic, in words for a person. One that was killed may be among them for a session. */
  abstract members(topic: string, group: string): Promise<readonly string[]>;
  abstract close(): Promise<void>;
}
