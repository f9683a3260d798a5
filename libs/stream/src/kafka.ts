export { KafkaLog } from './kafka/kafka-log.js';
export type { KafkaLogOptions } from './kafka/kafka-log.js';
export {
  KafkaConfigurationError,
  KafkaGivenUpError,
  KafkaRefusedError,
  KafkaUnavailableError,
} from './kafka/kafka-error.js';
export type { KafkaSettings } from './kafka/kafka-settings.js';
export { hasBrokerTimes } from './kafka/topic-times.js';
