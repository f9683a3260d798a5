import { EmbeddedLog } from '../src/embedded.ts';

/**
 * A process of its own at an embedded log, told by its parent what to do: { command, ...arguments } in,
 * { done, ...answer } or { error } out, and { acked } or { seen } on the way.
 */
let log;
let consumer;

const commands = {
  open: async ({ folder }) => {
    log = await EmbeddedLog.open(folder);
  },
  ensure: async ({ topic, partitions }) => ({
    description: await log.ensureTopic({ name: topic, partitions }),
  }),
  /** Sends `count` numbered records to the partition, `batch` at a time, and tells after each send how many are safe. */
  write: async ({ topic, partition, key, count, batch, padding = 0 }) => {
    const producer = await log.createProducer();
    for (let next = 0; next < count; next += batch) {
      const numbers = Array.from({ length: Math.min(batch, count - next) }, (_, i) => next + i);
      await producer.send(
        topic,
        numbers.map((n) => ({ partition, key, value: `${n}`.padEnd(padding) })),
      );
      process.send({ acked: next + numbers.length });
    }
    await producer.close();
  },
  /** Consumes the topic from its start, and tells what it sees as [partition, offset, key, number]. */
  consume: async ({ topic, order }) => {
    consumer = log.createConsumer({ topic, order });
    await consumer.start({
      assigned: async (partitions) => new Map(partitions.map((partition) => [partition, 0])),
      batch: async ({ records }) => {
        process.send({ seen: records.map((r) => [r.partition, r.offset, `${r.key}`, Number(`${r.value}`)]) });
      },
      revoked: async () => undefined,
    });
  },
  close: async () => {
    await log.close();
    process.disconnect();
  },
};

process.on('message', async ({ command, ...args }) => {
  try {
    const answer = await commands[command](args);
    if (process.connected) process.send({ done: command, ...answer });
  } catch (error) {
    process.send({ error: `${error.stack}` });
  }
});
process.send({ done: 'start' });
