import type { Admin } from 'kafkajs';
import type { TopicSpec } from '../ports.js';
import { errorType } from './kafka-error.js';
import type { KafkaSettings } from './kafka-settings.js';

/** The largest message there is has some MiB; the default of 1 MiB counts whole batches. */
const maxMessageBytes = 16 * 1024 * 1024;
const hourMs = 3_600_000;

/** Creates the topic, unless another process was faster. */
export async function createTopic(admin: Admin, spec: TopicSpec, settings: KafkaSettings): Promise<void> {
  const { name: topic, partitions: numPartitions } = spec;
  const replicationFactor = settings.replicationFactor ?? -1;
  const configEntries = Object.entries(configOf(spec)).map(([name, value]) => ({ name, value }));
  try {
    // Whether the brokers know it is for the caller to wait for: kafkajs gives up where one has not heard of it yet.
    const topics = [{ topic, numPartitions, replicationFactor, configEntries }];
    await admin.createTopics({ topics, waitForLeaders: false });
  } catch (error) {
    if (errorType(error) !== 'TOPIC_ALREADY_EXISTS') throw error;
  }
}

function configOf({ retentionMs }: TopicSpec): Readonly<Record<string, string>> {
  return {
    // The log's own time: a producer's clock proves nothing.
    'message.timestamp.type': 'LogAppendTime',
    'max.message.bytes': `${maxMessageBytes}`,
    'cleanup.policy': 'delete',
    ...(retentionMs === undefined
      ? {}
      : {
          'retention.ms': `${retentionMs}`,
          // Only whole segments are let go of.
          'segment.ms': `${Math.max(hourMs, Math.ceil(retentionMs / 24))}`,
        }),
  };
}
