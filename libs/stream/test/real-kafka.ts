/* eslint-disable @nx/enforce-module-boundaries -- the broker is a script of the repository, not a project */
import { KafkaBroker } from '../../../scripts/kafka/broker.mjs';
import type { BrokerOptions } from '../../../scripts/kafka/broker.mjs';
import { missingTools } from '../../../scripts/kafka/jars.mjs';
import type { KafkaSettings } from '../src/kafka.js';

export { KafkaBroker };

/** Patient enough for a broker that starts on a busy machine. */
export const brokerPatienceMs = 180_000;

const missing = missingTools();
if (missing !== undefined && !process.env['CI'])
  console.log(`skipped: ${missing}, so no Kafka broker can be started`);

/** Tests that need a real broker: skipped with a line where none can be had, red where that must not be. */
export const describeWithKafka = missing === undefined || process.env['CI'] ? describe : describe.skip;

/** One broker for the tests of a file, from the first to the last. */
export function useBroker(options: BrokerOptions = {}): () => KafkaBroker {
  let broker: KafkaBroker | undefined;
  beforeAll(async () => {
    broker = await KafkaBroker.start({ ...options, overrides: { ...quickGroups, ...options.overrides } });
  }, brokerPatienceMs);
  afterAll(() => broker?.remove(), brokerPatienceMs);
  return () => broker!;
}

/** Lets tests have members that are given up soon. */
const quickGroups = { 'group.min.session.timeout.ms': '1000' };

export const plainSettings = (
  broker: Pick<KafkaBroker, 'address'>,
  settings: Partial<KafkaSettings> = {},
): KafkaSettings => ({
  brokers: [broker.address],
  ssl: null,
  sasl: null,
  createTopics: true,
  replicationFactor: null,
  sessionTimeoutMs: 30_000,
  compression: 'none',
  ...settings,
});
