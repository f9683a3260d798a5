import kafkajs from 'kafkajs';
import { clientOptions } from './client-options.js';
import { toLogError } from './kafka-error.js';
import type { KafkaSettings } from './kafka-settings.js';

/** Not by its name: Node does not see which names of a CommonJS module come after the first that is not plain. */
const { ConfigResourceTypes, Kafka } = kafkajs;

const setting = 'message.timestamp.type';

/**
 * Whether a topic's records carry the broker's time. The engine creates topics that way; in one that somebody else made
 * they may carry the sender's, and what is late or from the future is judged by a clock that proves nothing.
 */
export async function hasBrokerTimes(settings: KafkaSettings, topic: string): Promise<boolean> {
  const admin = new Kafka(await clientOptions(settings)).admin();
  try {
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: [setting] }],
    });
    return resources[0]?.configEntries[0]?.configValue === 'LogAppendTime';
  } catch (error) {
    throw toLogError(`${topic}: settings`, error);
  } finally {
    await admin.disconnect();
  }
}
