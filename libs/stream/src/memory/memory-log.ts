import { setImmediate as nextTurn } from 'node:timers/promises';
import { PullConsumer } from '../consumer/pull-consumer.js';
import type { LaneLeases } from '../group/lane-leases.js';
import { Log, SendOutcomeUnknownError } from '../ports.js';
import type {
  ConsumerOptions,
  LogConsumer,
  LogProducer,
  LogRecord,
  OffsetRange,
  OutgoingRecord,
  ReadLimits,
  TopicDescription,
  TopicSpec,
} from '../ports.js';
import { SerialProducer } from '../producer/serial-producer.js';
import {
  checkPartitions,
  checkSamePartitions,
  checkTopicName,
  checkTopicSpec,
  missingTopic,
} from '../topic/check-topic.js';
import { MemoryGroups } from './memory-groups.js';
import { MemoryTopic } from './memory-topic.js';
import { steppingClock } from './stepping-clock.js';

export interface MemoryLogOptions {
  /** Append times, ms. Default: `steppingClock()`. */
  readonly clock?: () => number;
}

/** What a test hands to `deliver`: a value, which goes to partition 0, or a whole record. */
export type Delivery = string | Buffer | OutgoingRecord;

/** The log's contract in memory, the same in every run, with doors for tests: records in, records out, failing sends. */
export class MemoryLog extends Log {
  readonly #clock: () => number;
  readonly #topics = new Map<string, MemoryTopic>();
  readonly #consumers: PullConsumer[] = [];
  readonly #groups = new MemoryGroups();
  readonly #failures: ((record: OutgoingRecord) => boolean)[] = [];
  #made = 0;

  constructor({ clock = steppingClock() }: MemoryLogOptions = {}) {
    super();
    this.#clock = clock;
  }

  ensureTopic(spec: TopicSpec): Promise<TopicDescription> {
    return Promise.resolve().then(() => {
      checkTopicSpec(spec);
      const topic = this.#topics.get(spec.name) ?? this.#create(spec);
      checkSamePartitions(topic.description, spec);
      return topic.description;
    });
  }

  describeTopic(name: string): Promise<TopicDescription | undefined> {
    return Promise.resolve().then(() => {
      checkTopicName(name);
      return this.#topics.get(name)?.description;
    });
  }

  offsetRanges(topic: string): Promise<readonly OffsetRange[]> {
    return Promise.resolve().then(() => this.#topic(topic).ranges());
  }

  read(topic: string, partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    return Promise.resolve().then(() => this.#topic(topic).read(partition, from, limits));
  }

  createProducer(): Promise<LogProducer> {
    return Promise.resolve(new SerialProducer((topic, records) => this.#send(topic, records)));
  }

  createConsumer(options: ConsumerOptions): LogConsumer {
    const open = (): Promise<MemoryTopic> => Promise.resolve().then(() => this.#topic(options.topic));
    const leases = (group: string, partitions: number): Promise<LaneLeases> =>
      Promise.resolve(this.#groups.seat(options.topic, group, partitions));
    const consumer = new PullConsumer(options, { open, leases, backoff: () => 1 });
    this.#consumers.push(consumer);
    return consumer;
  }

  members(topic: string, group: string): Promise<readonly string[]> {
    return Promise.resolve(this.#groups.members(topic, group));
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
  }

  /** Appends one by one and resolves when every consumer has dealt with what there is, in this topic and all others. */
  async deliver(topic: string, ...deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      const isRecord = typeof delivery === 'object' && !Buffer.isBuffer(delivery);
      this.#append(topic, [isRecord ? delivery : { partition: 0, value: delivery }]);
    }
    await this.settled();
  }

  /** Resolves when no consumer has anything left to do. */
  async settled(): Promise<void> {
    while (!this.#consumers.every((consumer) => consumer.isIdle)) await nextTurn();
  }

  /** All records of the topic, partition after partition, or of one partition. */
  records(topic: string, partition?: number): readonly LogRecord[] {
    const found = this.#topic(topic);
    if (partition !== undefined) return found.records(partition);
    return Array.from({ length: found.description.partitions }, (_, i) => found.records(i)).flat();
  }

  /** Deletes a partition's records below `before`, as retention would. */
  truncate(topic: string, partition: number, before: number): void {
    this.#topic(topic).truncate(partition, before);
  }

  /** Deletes the topic: made again, it has another id. */
  deleteTopic(topic: string): void {
    this.#topics.delete(topic);
  }

  /** The next send rejects with `SendOutcomeUnknownError`; what `lands` says is in the log all the same. Default: nothing. */
  failNextSend(lands: (record: OutgoingRecord) => boolean = () => false): void {
    this.#failures.push(lands);
  }

  /** All consumers that are in a group lose their lanes, as if they had been stopped for too long. */
  expireLeases(): void {
    this.#groups.expire();
  }

  async #send(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    // Never in the caller's own turn: a real log is not that fast either.
    await Promise.resolve();
    const lands = this.#failures.shift();
    this.#append(topic, lands ? records.filter(lands) : records);
    if (lands) throw new SendOutcomeUnknownError(`${topic}: the send failed as the test had asked`);
  }

  #append(topic: string, records: readonly OutgoingRecord[]): void {
    const found = this.#topic(topic);
    checkPartitions(found.description, records);
    if (records.length > 0) found.append(records, this.#clock());
  }

  #topic(name: string): MemoryTopic {
    const topic = this.#topics.get(name);
    if (!topic) throw missingTopic(name);
    return topic;
  }

  #create(spec: TopicSpec): MemoryTopic {
    const topic = new MemoryTopic({ ...spec, id: `memory-${this.#made++}` });
    this.#topics.set(spec.name, topic);
    return topic;
  }
}
