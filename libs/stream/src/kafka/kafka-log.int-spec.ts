import { Kafka, logLevel } from 'kafkajs';
import { describeGroups } from '../group.contract.js';
import { KafkaLog } from '../kafka.js';
import type { KafkaSettings } from '../kafka.js';
import { describeLog } from '../log.contract.js';
import type { LogUnderTest } from '../log.contract.js';
import { describeWithKafka, plainSettings, useBroker } from '../../test/real-kafka.js';

describeWithKafka('on a real broker', () => {
  const broker = useBroker();
  const open = (settings: Partial<KafkaSettings> = {}): Promise<KafkaLog> =>
    KafkaLog.open(plainSettings(broker(), settings));

  /** As retention would, through Kafka's own operation. */
  async function truncate(log: KafkaLog, topic: string, partition: number, before: number): Promise<void> {
    const { end } = (await log.offsetRanges(topic))[partition]!;
    const admin = new Kafka({ brokers: [broker().address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const offset = `${Math.min(before, end)}`;
    // kafkajs deletes only from topics that it has looked at before.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset }] });
    await admin.disconnect();
  }

  const create = async (settings: Partial<KafkaSettings>): Promise<LogUnderTest> => {
    const log = await open(settings);
    return {
      log,
      truncate: (topic, partition, before) => truncate(log, topic, partition, before),
      remove: () => log.close(),
    };
  };

  describeLog('Kafka', () => create({}), { hasClock: false });
  describeLog('Kafka with gzip', () => create({ compression: 'gzip' }), { hasClock: false });
  describeGroups('Kafka', () => create({}));
});
