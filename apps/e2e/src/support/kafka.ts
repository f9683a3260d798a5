/* eslint-disable @nx/enforce-module-boundaries -- the broker is a script of the repository, not a project */
import { Kafka, logLevel } from 'kafkajs';
import type { Admin, KafkaMessage } from 'kafkajs';
import { KafkaBroker } from '../../../../scripts/kafka/broker.mjs';
import { KafkaCluster } from '../../../../scripts/kafka/cluster.mjs';
import { missingTools } from '../../../../scripts/kafka/jars.mjs';
import { describeIfPossible } from './describe-if-possible.js';
import type { Environment } from './engine.js';
import type { Published } from './log.js';
import { until } from './until.js';

const PATIENCE_MS = 180_000;

const missing = missingTools();

/** A suite on a real broker: skipped with a line that says why where none can be had, and red on CI. */
export function describeWithKafka(name: string, suite: () => void): void {
  const reason = missing && `no Kafka broker can be started (${missing}): "${name}" needs one`;
  describeIfPossible(name, reason, suite);
}

/** One broker for the tests of a file, from the first to the last. */
export function useBroker(): () => KafkaBroker {
  let broker: KafkaBroker | undefined;
  beforeAll(async () => {
    broker = await KafkaBroker.start();
  }, PATIENCE_MS);
  afterAll(() => broker?.remove(), PATIENCE_MS);
  return () => broker!;
}

/** Three brokers for the tests of a file. */
export function useCluster(): () => KafkaCluster {
  let cluster: KafkaCluster | undefined;
  beforeAll(async () => {
    cluster = await KafkaCluster.start();
  }, PATIENCE_MS);
  afterAll(() => cluster?.remove(), PATIENCE_MS);
  return () => cluster!;
}

/** What has the engine meet at this broker, or these, with topics of its own. */
export const onKafka = (broker: Pick<KafkaBroker, 'address'>, prefix: string): Environment => ({
  KAFKA_BROKERS: broker.address,
  TOPIC_PREFIX: prefix,
  KAFKA_SESSION_TIMEOUT_MS: '6000',
});

/** Any program's client, which knows nothing of the engine. */
export const plainClient = ({ address }: Pick<KafkaBroker, 'address'>): Kafka =>
  new Kafka({ brokers: address.split(','), logLevel: logLevel.NOTHING });

/** The records of a topic as any program reads them, by partition and offset; resolves when there are `count`. */
export async function readByPlainConsumer(
  broker: Pick<KafkaBroker, 'address'>,
  topic: string,
  count: number,
): Promise<Published[]> {
  const read: Published[] = [];
  const consumer = plainClient(broker).consumer({ groupId: `reader-of-${topic}` });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ partition, message }) => {
      read.push(publishedIn(partition, message));
      return Promise.resolve();
    },
  });
  await until('all are read', () => read.length >= count);
  await consumer.disconnect();
  return read.sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

function publishedIn(
  partition: number,
  { offset, timestamp, key, value, headers = {} }: KafkaMessage,
): Published {
  const texts = Object.entries(headers).map(([name, text]) => [name, String(text)]);
  return {
    partition,
    offset: Number(offset),
    timeUs: Number(timestamp) * 1_000,
    key: key === null ? null : key.toString(),
    value,
    headers: Object.fromEntries(texts) as Published['headers'],
  };
}

export async function withAdmin<T>(broker: KafkaBroker, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = plainClient(broker).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** What a lag tool would say: per partition, how many records lie behind the group's committed offset; null where it has none. */
export async function lagsOf(
  broker: KafkaBroker,
  groupId: string,
  topic: string,
): Promise<readonly (number | null)[]> {
  return withAdmin(broker, async (admin) => {
    const ends = await admin.fetchTopicOffsets(topic);
    const [group] = await admin.fetchOffsets({ groupId, topics: [topic] });
    return ends.map(({ partition, high }) => {
      const committed = Number(group?.partitions.find((each) => each.partition === partition)?.offset ?? -1);
      return committed < 0 ? null : Number(high) - committed;
    });
  });
}

/** Deletes all records of a topic, as its retention would. */
export async function expire(broker: KafkaBroker, topic: string): Promise<void> {
  await withAdmin(broker, async (admin) => {
    const offsets = await admin.fetchTopicOffsets(topic);
    const partitions = offsets.map(({ partition, high }) => ({ partition, offset: high }));
    await admin.deleteTopicRecords({ topic, partitions });
  });
}
