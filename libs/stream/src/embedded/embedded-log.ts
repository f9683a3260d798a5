import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
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
import { encodeChunks } from './chunk.js';
import { LeaseFolder } from './lease/lease-folder.js';
import { describeWriteError } from './log-storage.error.js';
import { defaultLeaseTimes } from './lease/process-lease.js';
import type { LeaseTimes } from './lease/process-lease.js';
import { TopicStore, dataFile } from './topic-store.js';
import type { Append } from './topic-store.js';

export interface EmbeddedLogOptions {
  /** Per topic: when its records take more, the oldest go. Default: everything stays. */
  readonly retentionBytes?: number;
  /** Append times, ms. Default: `Date.now`. */
  readonly clock?: () => number;
  /** How instances of a group keep their partitions. */
  readonly leases?: Partial<LeaseTimes>;
}

const readerCheckMs = 60_000;

/** A log in a local folder, an LMDB environment per topic: durable, shared by the processes of one machine, no service. */
export class EmbeddedLog extends Log {
  readonly #stores = new Map<string, TopicStore>();
  readonly #consumers: LogConsumer[] = [];
  readonly #producers: LogProducer[] = [];
  readonly #readerCheck: NodeJS.Timeout;
  #leaseFolder: LeaseFolder | undefined;
  #isClosed = false;

  private constructor(
    private readonly folder: string,
    private readonly options: EmbeddedLogOptions,
  ) {
    super();
    this.#readerCheck = setInterval(() => {
      for (const store of this.#stores.values()) store.checkReaders();
      this.#leaseFolder?.checkReaders();
    }, readerCheckMs).unref();
  }

  /** Makes the folder where it is missing. */
  static async open(folder: string, options: EmbeddedLogOptions = {}): Promise<EmbeddedLog> {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw describeWriteError(folder, error);
    });
    return new EmbeddedLog(folder, options);
  }

  async ensureTopic(spec: TopicSpec): Promise<TopicDescription> {
    checkTopicSpec(spec);
    const description = await this.#store(spec.name).ensure(spec);
    checkSamePartitions(description, spec);
    return description;
  }

  describeTopic(name: string): Promise<TopicDescription | undefined> {
    return Promise.resolve().then(() => this.#found(name)?.describe());
  }

  offsetRanges(topic: string): Promise<readonly OffsetRange[]> {
    return Promise.resolve().then(() => this.#existing(topic).ranges());
  }

  read(topic: string, partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    return Promise.resolve().then(() => this.#existing(topic).read(partition, from, limits));
  }

  createProducer(): Promise<LogProducer> {
    const producer = new SerialProducer((topic, records) => this.#append(topic, records));
    this.#producers.push(producer);
    return Promise.resolve(producer);
  }

  createConsumer(options: ConsumerOptions): LogConsumer {
    const open = (): Promise<TopicStore> => Promise.resolve().then(() => this.#existing(options.topic));
    const leases = (group: string, partitions: number): Promise<LaneLeases> =>
      Promise.resolve().then(() => this.#leases().seat(options.topic, group, partitions));
    const consumer = new PullConsumer(options, { open, leases });
    this.#consumers.push(consumer);
    return consumer;
  }

  async members(topic: string, group: string): Promise<readonly string[]> {
    const { partitions } = await this.#existing(topic).existing();
    const book = this.#leases().book(topic, group, partitions);
    const { members } = await book.read();
    return members.filter((member) => book.isAlive(member)).map((member) => `pid ${member.process.pid}`);
  }

  /** Deletes a partition's records below `before`; reading there throws `OffsetOutOfRangeError` from now on. */
  async truncate(topic: string, partition: number, before: number): Promise<void> {
    await this.#existing(topic).truncate(partition, before);
  }

  /** Stops the consumers, waits for the sends at hand, and lets go of every file. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#readerCheck);
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.stop()));
    await Promise.all(this.#producers.splice(0).map((producer) => producer.close()));
    const stores = [...this.#stores.values()];
    this.#stores.clear();
    await Promise.all(stores.map((store) => store.close()));
    await this.#leaseFolder?.close();
  }

  async #append(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const store = this.#existing(topic);
    checkPartitions(await store.existing(), records);
    if (records.length === 0) return;
    const appends = byPartition(records);
    try {
      await store.append(appends);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new SendOutcomeUnknownError(`${topic}: ${reason}`, { cause });
    }
  }

  #existing(topic: string): TopicStore {
    const store = this.#found(topic);
    if (!store) throw missingTopic(topic);
    return store;
  }

  /** Opens no environment that is not there: that would make one. */
  #found(topic: string): TopicStore | undefined {
    checkTopicName(topic);
    const isThere = this.#stores.has(topic) || existsSync(join(this.folder, topic, dataFile));
    return isThere ? this.#store(topic) : undefined;
  }

  #leases(): LeaseFolder {
    if (this.#isClosed) throw new Error('The log is closed');
    return (this.#leaseFolder ??= new LeaseFolder(this.folder, {
      ...defaultLeaseTimes,
      ...this.options.leases,
    }));
  }

  #store(topic: string): TopicStore {
    if (this.#isClosed) throw new Error('The log is closed');
    const open = this.#stores.get(topic);
    if (open) return open;
    const { clock = Date.now, retentionBytes } = this.options;
    const store = new TopicStore(join(this.folder, topic), topic, { clock, retentionBytes });
    this.#stores.set(topic, store);
    return store;
  }
}

function byPartition(records: readonly OutgoingRecord[]): readonly Append[] {
  const groups = new Map<number, OutgoingRecord[]>();
  for (const record of records) {
    const group = groups.get(record.partition);
    if (group) group.push(record);
    else groups.set(record.partition, [record]);
  }
  return [...groups].map(([partition, group]) => ({ partition, chunks: encodeChunks(group) }));
}
