import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { describeWithKafka, plainSettings, useBroker } from '../../test/real-kafka.js';
import { hasBrokerTimes, KafkaLog } from '../kafka.js';

describeWithKafka('the time of a topic’s records', () => {
  const broker = useBroker();
  const topic = `topic-${randomUUID()}`;

  it('is the broker’s in a topic that the log has made', async () => {
    const log = await KafkaLog.open(plainSettings(broker()));
    await log.ensureTopic({ name: topic, partitions: 1 });
    await log.close();
    expect(await hasBrokerTimes(plainSettings(broker()), topic)).toBe(true);
  });

  it('is the sender’s in one that was made with Kafka’s own defaults', async () => {
    const admin = new Kafka({ brokers: [broker().address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: `${topic}-other`, numPartitions: 1 }] });
    await admin.disconnect();
    expect(await hasBrokerTimes(plainSettings(broker()), `${topic}-other`)).toBe(false);
  });
});
