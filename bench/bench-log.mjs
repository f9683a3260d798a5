import { randomUUID } from 'node:crypto';
import { KafkaBroker } from '../scripts/kafka/broker.mjs';
import { missingTools } from '../scripts/kafka/jars.mjs';

/**
 * The log to measure with, from a bench's arguments: the embedded one, or with `--kafka [HOST:PORT]` that broker or one that is
 * started for it. `env(run)` is what tells the engine, other topics for each run.
 */
export async function benchLog(args) {
  const at = args.indexOf('--kafka');
  if (at < 0) return { name: 'the embedded log', env: () => ({}), close: async () => {} };
  const address = args[at + 1];
  if (address !== undefined) return kafka(address, async () => {});
  const missing = missingTools();
  if (missing) throw new Error(`${missing}: install it, or name a broker: --kafka HOST:PORT`);
  const broker = await KafkaBroker.start();
  return kafka(broker.address, () => broker.remove());
}

function kafka(address, close) {
  const prefix = `bench-${randomUUID().slice(0, 8)}-`;
  const env = (run) => ({ KAFKA_BROKERS: address, TOPIC_PREFIX: `${prefix}${run}-` });
  return { name: `Kafka at ${address}`, env, close };
}
