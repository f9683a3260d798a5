import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedLog } from '../src/embedded.ts';
import { KafkaLog } from '../src/kafka.ts';

/**
 * A process of its own at a log, told by its parent what to do: { command, ...arguments } in,
 * { done, ...answer } or { error } out, and { acked }, { seen } or { call } on the way.
 */
let log;
let consumer;
let hold;
let letGo;

const commands = {
  open: async ({ folder, options }) => {
    log = await EmbeddedLog.open(folder, options);
  },
  openKafka: async ({ settings }) => {
    log = await KafkaLog.open(settings);
  },
  ensure: async ({ topic, partitions }) => ({
    description: await log.ensureTopic({ name: topic, partitions }),
  }),
  ranges: async ({ topic }) => ({ ranges: await log.offsetRanges(topic) }),
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
  /**
   * Consumes as a member of a group, from the positions that the members leave in a folder, as snapshots are; tells
   * its calls. While it is on hold it does not finish a batch.
   */
  join: async ({ topic, group, positions }) => {
    const file = (partition) => join(positions, `${partition}`);
    consumer = log.createConsumer({ topic, group, limits: { maxRecords: 7, maxBytes: 1_000 } });
    await consumer.start({
      assigned: async (partitions) => {
        process.send({ call: `assigned ${partitions.join(' ')}` });
        return new Map(partitions.map((p) => [p, existsSync(file(p)) ? Number(readFileSync(file(p))) : 0]));
      },
      batch: async (batch) => {
        process.send({ call: 'batch' });
        await hold;
        process.send({ call: batch.isStale() ? 'stale' : 'not stale' });
        if (batch.isStale()) return;
        // Told before it is remembered: whatever a killed process had remembered was seen.
        const seen = batch.records.map((r) => [r.partition, r.offset, `${r.key}`, Number(`${r.value}`)]);
        await new Promise((resolve) => process.send({ seen }, resolve));
        const { partition, offset } = batch.records.at(-1);
        writeFileSync(`${file(partition)}.${process.pid}`, `${offset + 1}`);
        renameSync(`${file(partition)}.${process.pid}`, file(partition));
      },
      revoked: async (partitions) => {
        process.send({ call: `revoked ${partitions.join(' ')}` });
      },
    });
  },
  hold: async () => {
    hold = new Promise((resolve) => {
      letGo = resolve;
    });
  },
  letGo: async () => {
    letGo();
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
    const { name, message, retriable } = error;
    process.send({ error: `${error.stack}`, facts: { name, message, retriable } });
  }
});
process.on('SIGTERM', () => commands.close());
process.send({ done: 'start' });
