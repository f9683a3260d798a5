import { setTimeout as pause } from 'node:timers/promises';
import { Kafka } from 'kafkajs';
import type { KafkaConfig } from 'kafkajs';
import { PullConsumer } from '../consumer/pull-consumer.js';
import { isRetriable, Log, TopicMismatchError } from '../ports.js';
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
  checkPartition,
  checkPartitions,
  checkSamePartitions,
  checkTopicName,
  checkTopicSpec,
  missingTopic,
} from '../topic/check-topic.js';
import { clientOptions } from './client-options.js';
import { KafkaSeat } from './group/kafka-seat.js';
import { stopIdleTimer } from './idle-timer.js';
import { KafkaConnection } from './kafka-connection.js';
import { errorType, KafkaGivenUpError, KafkaUnavailableError, toLogError } from './kafka-error.js';
import { KafkaSender } from './kafka-sender.js';
import type { KafkaSettings } from './kafka-settings.js';
import { KafkaTopic } from './kafka-topic.js';
import { readBounded } from './read-bounded.js';
import { retrying } from './retrying.js';
import { createTopic } from './topic-creation.js';
import { describeTopic } from './topic-metadata.js';
import { TopicReader } from './topic-reader.js';

export interface KafkaLogOptions {
  /** For how long a broker that is away is waited for at the start, ms. Default: a minute. */
  readonly patienceMs?: number;
  /** Told of every attempt to reach it that has failed. */
  readonly onRetry?: (error: Error) => void;
}

const longestRetryMs = 5_000;
const creationPatienceMs = 30_000;

/** Apache Kafka, through kafkajs. */
export class KafkaLog extends Log {
  readonly #connections: KafkaConnection[] = [];
  readonly #consumers: LogConsumer[] = [];
  readonly #producers: LogProducer[] = [];
  readonly #reads: KafkaConnection;
  #isClosed = false;

  private constructor(
    private readonly settings: KafkaSettings,
    private readonly client: KafkaConfig,
  ) {
    super();
    this.#reads = this.#connect();
  }

  /** Resolves when a broker has answered. Rejects with `KafkaGivenUpError` when none has in time. */
  static async open(settings: KafkaSettings, options: KafkaLogOptions = {}): Promise<KafkaLog> {
    stopIdleTimer();
    const log = new KafkaLog(settings, await clientOptions(settings));
    try {
      await log.#reach(options);
    } catch (error) {
      await log.close();
      throw error;
    }
    return log;
  }

  async ensureTopic(spec: TopicSpec): Promise<TopicDescription> {
    checkTopicSpec(spec);
    const description = (await this.describeTopic(spec.name)) ?? (await this.#create(spec));
    checkSamePartitions(description, spec);
    return description;
  }

  async describeTopic(name: string): Promise<TopicDescription | undefined> {
    checkTopicName(name);
    return this.#reads.read(name, async (cluster) =>
      describeTopic(await cluster.brokerPool.findConnectedBroker(), name),
    );
  }

  async offsetRanges(topic: string): Promise<readonly OffsetRange[]> {
    const { partitions } = await this.#existing(topic);
    return this.#reads.read(`${topic}: offsets`, async (cluster) =>
      (await TopicReader.open(cluster, topic)).ranges(partitions),
    );
  }

  async read(
    topic: string,
    partition: number,
    from: number,
    limits: ReadLimits,
  ): Promise<readonly LogRecord[]> {
    checkPartition(await this.#existing(topic), partition);
    return this.#reads.read(`${topic}/${partition}: read`, async (cluster) =>
      readBounded(await TopicReader.open(cluster, topic), { partition, from }, limits),
    );
  }

  async createProducer(): Promise<LogProducer> {
    this.#checkOpen();
    const sender = await KafkaSender.open(this.client, this.settings.compression);
    const topics = new Map<string, TopicDescription>();
    const append = async (topic: string, records: readonly OutgoingRecord[]): Promise<void> => {
      const description = topics.get(topic) ?? (await this.#existing(topic));
      topics.set(topic, description);
      checkPartitions(description, records);
      await sender.append(topic, records);
    };
    const producer = new SerialProducer(append, () => sender.close());
    this.#producers.push(producer);
    return producer;
  }

  createConsumer(options: ConsumerOptions): LogConsumer {
    const open = async (): Promise<KafkaTopic> =>
      new KafkaTopic(await this.#existing(options.topic), {
        reads: this.#reads,
        waiting: () => this.#connect(),
      });
    const leases = (groupId: string, partitions: number): Promise<KafkaSeat> => {
      const { sessionTimeoutMs } = this.settings;
      const settings = { groupId, topic: options.topic, partitions, sessionTimeoutMs };
      // What is not answered within a session comes too late.
      return Promise.resolve(new KafkaSeat(settings, this.#connect({ requestTimeout: sessionTimeoutMs })));
    };
    const consumer = new PullConsumer(options, { open, leases });
    this.#consumers.push(consumer);
    return consumer;
  }

  /** Of a group, whatever topic it reads: each of the engine's reads one. */
  async members(_topic: string, group: string): Promise<readonly string[]> {
    const admin = new Kafka(this.client).admin();
    try {
      await admin.connect();
      const { groups } = await admin.describeGroups([group]);
      return groups.flatMap(({ members }) =>
        members.map(({ clientId, clientHost }) => `${clientId} at ${clientHost}`),
      );
    } catch (error) {
      throw toLogError(`${group}: members`, error);
    } finally {
      await admin.disconnect();
    }
  }

  /** Stops the consumers, waits for the sends at hand, and breaks every connection off. */
  async close(): Promise<void> {
    await Promise.all(this.#consumers.splice(0).map((consumer) => consumer.stop()));
    await Promise.all(this.#producers.splice(0).map((producer) => producer.close().catch(() => undefined)));
    this.#isClosed = true;
    for (const connection of this.#connections.splice(0)) connection.close();
  }

  async #reach({ patienceMs = 60_000, onRetry }: KafkaLogOptions): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (let waitMs = 1_000; ; waitMs = Math.min(2 * waitMs, longestRetryMs)) {
      try {
        await this.#reads.use('connect', (cluster) => cluster.brokerPool.findConnectedBroker());
        return;
      } catch (cause) {
        if (!(cause instanceof KafkaUnavailableError)) throw cause;
        const leftMs = deadline - Date.now();
        if (leftMs <= 0)
          throw new KafkaGivenUpError(this.#unreachable(cause, `given up after ${patienceMs / 1_000} s`), {
            cause,
          });
        const plan = `trying again for ${Math.ceil(leftMs / 1_000)} s`;
        onRetry?.(new KafkaUnavailableError(this.#unreachable(cause, plan), { cause }));
        await pause(Math.min(waitMs, leftMs));
      }
    }
  }

  #unreachable({ message }: Error, outcome: string): string {
    const brokers = `KAFKA_BROKERS=${this.settings.brokers.join()}`;
    return `${brokers}: no broker can be reached (${message}). Is it running, and is that its address? ${outcome}`;
  }

  async #create(spec: TopicSpec): Promise<TopicDescription> {
    if (!this.settings.createTopics)
      throw new TopicMismatchError(
        `There is no topic ${spec.name}, and KAFKA_CREATE_TOPICS=false: create it with ${spec.partitions} partitions`,
      );
    await retrying(() => this.#createOnce(spec));
    return this.#made(spec.name);
  }

  async #createOnce(spec: TopicSpec): Promise<void> {
    const admin = new Kafka(this.client).admin();
    try {
      await admin.connect();
      await createTopic(admin, spec, this.settings);
    } catch (error) {
      const what = `${spec.name}: create`;
      // The broker's own number of replicas can only be too high while brokers are missing: they are just starting, say.
      const isPassing =
        this.settings.replicationFactor === null && errorType(error) === 'INVALID_REPLICATION_FACTOR';
      throw isPassing
        ? new KafkaUnavailableError(`${what}: fewer brokers than replicas are there`, { cause: error })
        : toLogError(what, error);
    } finally {
      await admin.disconnect();
    }
  }

  /** The brokers hear of a new topic one after the other, and its leaders last of all that they are. */
  async #made(name: string): Promise<TopicDescription> {
    const deadline = Date.now() + creationPatienceMs;
    for (;;) {
      const description = await this.describeTopic(name);
      if (description && (await this.#isServed(description))) return description;
      if (Date.now() > deadline)
        throw new KafkaUnavailableError(`${name} was created, but the brokers do not serve it yet`);
      await pause(50);
    }
  }

  async #isServed({ name, partitions }: TopicDescription): Promise<boolean> {
    try {
      await this.#reads.use(name, async (cluster) =>
        (await TopicReader.open(cluster, name)).ranges(partitions),
      );
      return true;
    } catch (error) {
      if (!isRetriable(error)) throw error;
      return false;
    }
  }

  async #existing(topic: string): Promise<TopicDescription> {
    const description = await this.describeTopic(topic);
    if (!description) throw missingTopic(topic);
    return description;
  }

  #connect(options: Partial<KafkaConfig> = {}): KafkaConnection {
    this.#checkOpen();
    const connection = new KafkaConnection({ ...this.client, ...options });
    this.#connections.push(connection);
    return connection;
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new Error('The log is closed');
  }
}
