import { randomUUID } from 'node:crypto';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { describeWithKafka, plainSettings, useBroker } from '../../test/real-kafka.js';
import { KafkaLog, KafkaRefusedError } from '../kafka.js';
import { TopicMismatchError } from '../ports.js';
import type { OffsetRange } from '../ports.js';
import { RecordingListener, waitUntil } from '../testing.js';

describeWithKafka('topics of Kafka', () => {
  const broker = useBroker();
  let log: KafkaLog;
  let topic: string;
  const client = (): Kafka => new Kafka({ brokers: [broker().address], logLevel: logLevel.NOTHING });

  beforeEach(async () => {
    log = await KafkaLog.open(plainSettings(broker()));
    topic = `topic-${randomUUID()}`;
  });
  afterEach(() => log.close());

  async function configOf(name: string): Promise<Record<string, string>> {
    const admin = client().admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name }],
    });
    await admin.disconnect();
    return Object.fromEntries(
      resources[0]!.configEntries.map((entry) => [entry.configName, entry.configValue]),
    );
  }

  it('have the log’s own times, room for large messages, and the retention asked for', async () => {
    await log.ensureTopic({ name: topic, partitions: 1, retentionMs: 86_400_000 });
    expect(await configOf(topic)).toMatchObject({
      'message.timestamp.type': 'LogAppendTime',
      'max.message.bytes': '16777216',
      'cleanup.policy': 'delete',
      'retention.ms': '86400000',
      'segment.ms': '3600000',
    });
    await log.ensureTopic({ name: `${topic}-2`, partitions: 1 });
    expect(await configOf(`${topic}-2`)).toMatchObject({ 'retention.ms': '604800000' });
  });

  it('tell the broker’s time whatever time the sender gives', async () => {
    await log.ensureTopic({ name: topic, partitions: 1 });
    const before = Date.now();
    const producer = client().producer({ createPartitioner: () => () => 0 });
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'x', timestamp: '1000' }] });
    await producer.disconnect();
    const [record] = await log.read(topic, 0, 0, { maxRecords: 1, maxBytes: 1 });
    expect(record?.timeMs).toBeGreaterThanOrEqual(before - 1_000);
  });

  it('have another id when they are made anew under the old name', async () => {
    const { id } = await log.ensureTopic({ name: topic, partitions: 1 });
    const admin = client().admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic] });
    await admin.disconnect();
    while ((await log.describeTopic(topic)) !== undefined) await new Promise(setImmediate);
    const again = await log.ensureTopic({ name: topic, partitions: 1 });
    expect(again.id).not.toBe(id);
    expect(id).toHaveLength(22);
  });

  it('are not made where that is forbidden: the missing one is named', async () => {
    const settings = plainSettings(broker(), { createTopics: false });
    const modest = await KafkaLog.open(settings);
    const asked = modest.ensureTopic({ name: topic, partitions: 3 });
    await expect(asked).rejects.toThrow(TopicMismatchError);
    await expect(asked).rejects.toThrow(
      `${topic}, and KAFKA_CREATE_TOPICS=false: create it with 3 partitions`,
    );
    await log.ensureTopic({ name: topic, partitions: 3 });
    expect(await modest.ensureTopic({ name: topic, partitions: 3 })).toMatchObject({ partitions: 3 });
    await modest.close();
  });

  it('refuse a replication factor that there are no brokers for, and say which variable to change', async () => {
    const demanding = await KafkaLog.open(plainSettings(broker(), { replicationFactor: 3 }));
    await expect(demanding.ensureTopic({ name: topic, partitions: 1 })).rejects.toThrow(
      /KAFKA_REPLICATION_FACTOR/,
    );
    await demanding.close();
  });

  it('take 150,000 records in one send: more than kafkajs can hand over at once', async () => {
    await log.ensureTopic({ name: topic, partitions: 1 });
    const count = 150_000;
    const producer = await log.createProducer();
    await producer.send(
      topic,
      Array.from({ length: count }, (_, i) => ({ partition: 0, value: `${i}` })),
    );
    await producer.close();
    expect(await log.offsetRanges(topic)).toEqual([{ start: 0, end: count }]);
    const listener = new RecordingListener();
    const consumer = log.createConsumer({ topic });
    await consumer.start(listener);
    await listener.untilRecords(count);
    expect(listener.records.every(({ value }, i) => Number(value) === i)).toBe(true);
    await consumer.stop();
  });

  it('refuse a message that is too large for them for good, and say what to raise', async () => {
    await log.ensureTopic({ name: topic, partitions: 1 });
    const producer = await log.createProducer();
    const value = Buffer.alloc(17 * 1024 * 1024);
    const sent = producer.send(topic, [{ partition: 0, value }]);
    await expect(sent).rejects.toThrow(KafkaRefusedError);
    await expect(sent).rejects.toThrow(/max\.message\.bytes/);
    await expect(sent).rejects.toMatchObject({ retriable: false });
    await producer.close();
  });

  it('hold nobody up with a message so large that it is left out of an answer which has others', async () => {
    await log.ensureTopic({ name: topic, partitions: 2 });
    const producer = await log.createProducer();
    const value = Buffer.alloc(1024 * 1024);
    for (const partition of [0, 1]) await producer.send(topic, [{ partition, value }]);
    await producer.close();
    const listener = new RecordingListener();
    const consumer = log.createConsumer({ topic, order: 'record-time' });
    await consumer.start(listener);
    await listener.untilRecords(2);
    expect(listener.records.map(({ partition }) => partition)).toEqual([0, 1]);
    await consumer.stop();
  });

  it.each(['snappy', 'lz4', 'zstd'])(
    'cannot be read where they hold %s: it is said where, and what to do',
    async (codec) => {
      const value = 'x'.repeat(100);
      await log.ensureTopic({ name: topic, partitions: 2 });
      const producer = await log.createProducer();
      const sendOne = async (): Promise<number> => {
        await producer.send(topic, [{ partition: 1, value }]);
        return (await log.offsetRanges(topic))[1]!.end - 1;
      };
      const isReadable = (offset: number): Promise<boolean> =>
        log.read(topic, 1, offset, { maxRecords: 1, maxBytes: 1 }).then(
          () => true,
          () => false,
        );
      await producer.send(topic, [{ partition: 0, value }]);
      await sendOne();
      // The broker takes some time to heed its new settings.
      await setCompression(codec);
      let unreadable = 0;
      await waitUntil(async () => !(await isReadable((unreadable = await sendOne()))));
      const consumer = log.createConsumer({ topic, order: 'record-time' });
      await consumer.start(new RecordingListener());
      const error: unknown = await consumer.ended.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(KafkaRefusedError);
      expect(error).toMatchObject({ retriable: false, exitCode: 78 });
      const where = `${topic}/1: the records from offset ${unreadable} on are compressed with ${codec}`;
      expect(String(error)).toContain(where);
      expect(String(error)).toContain('compression.type to gzip');
      await setCompression('gzip');
      await waitUntil(async () => isReadable(await sendOne()));
      await producer.close();
    },
  );

  /** From now on the broker stores records so, whatever their producer does. */
  async function setCompression(codec: string): Promise<void> {
    const admin = client().admin();
    await admin.connect();
    const configEntries = [{ name: 'compression.type', value: codec }];
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
    });
    await admin.disconnect();
  }

  it('show nothing of transactions but what was committed, and nobody waits behind their marks', async () => {
    await log.ensureTopic({ name: topic, partitions: 2 });
    const producer = client().producer({
      transactionalId: topic,
      maxInFlightRequests: 1,
      createPartitioner: () => () => 0,
    });
    await producer.connect();
    for (const [value, isKept] of [
      ['a', true],
      ['b', false],
      ['c', true],
      ['d', false],
    ] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ value, partition: 0 }] });
      await (isKept ? transaction.commit() : transaction.abort());
    }
    await producer.disconnect();
    const listener = new RecordingListener();
    const consumer = log.createConsumer({ topic, order: 'record-time' });
    await consumer.start(listener);
    await listener.untilRecords(2);
    expect(listener.values(0)).toEqual(['a', 'c']);
    // Behind the last one lie three marks and a record of a transaction that failed.
    const [{ end }] = (await log.offsetRanges(topic)) as [OffsetRange, OffsetRange];
    await waitUntil(() => listener.passedTo.get(0) === end);
    expect(listener.passedTo).toEqual(new Map([[0, 8]]));
    // The other partition is not held up by what nobody sees at the end of this one.
    const own = await log.createProducer();
    await own.send(topic, [{ partition: 1, value: 'other' }]);
    await listener.untilRecords(3);
    await own.send(topic, [{ partition: 0, value: 'e' }]);
    await listener.untilRecords(4);
    expect(listener.values()).toEqual(['a', 'c', 'other', 'e']);
    await own.close();
    await consumer.stop();
    const records = await log.read(topic, 0, 0, { maxRecords: 10, maxBytes: 1_000 });
    expect(records.map(({ value }) => value?.toString())).toEqual(['a', 'c', 'e']);
  });
});
