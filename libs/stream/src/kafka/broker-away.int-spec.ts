import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { brokerPatienceMs, describeWithKafka, plainSettings, useBroker } from '../../test/real-kafka.js';
import { KafkaGivenUpError, KafkaLog } from '../kafka.js';
import { SendOutcomeUnknownError } from '../ports.js';
import type { LogProducer, LogRecord } from '../ports.js';
import { RecordingListener, waitUntil } from '../testing.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a log without a broker', () => {
  it('is said to be away at once, and given up in the end with the exit code for trying again', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const told: string[] = [];
    const opened = KafkaLog.open(plainSettings({ address: `127.0.0.1:${port}` }), {
      patienceMs: 1_500,
      onRetry: ({ message }) => told.push(message),
    });
    const error: unknown = await opened.catch((thrown: unknown) => thrown);
    expect(told[0]).toMatch(
      new RegExp(
        `^KAFKA_BROKERS=127\\.0\\.0\\.1:${port}: no broker can be reached .*ECONNREFUSED.*trying again for 2 s$`,
      ),
    );
    expect(error).toBeInstanceOf(KafkaGivenUpError);
    // Whoever tries again what may pass must not go on with this.
    expect(error).toMatchObject({ exitCode: 75, retriable: false });
    expect(String(error)).toContain('given up after 1.5 s');
  });
});

describeWithKafka('a broker that goes away', () => {
  const broker = useBroker();
  let log: KafkaLog;
  let topic: string;

  beforeEach(async () => {
    log = await KafkaLog.open(plainSettings(broker()));
    topic = `topic-${randomUUID()}`;
    await log.ensureTopic({ name: topic, partitions: 2 });
  });
  afterEach(() => log.close());

  it(
    'is waited for at the start',
    async () => {
      await broker().kill();
      const told: string[] = [];
      const opening = KafkaLog.open(plainSettings(broker()), {
        onRetry: ({ message }) => told.push(message),
      });
      await waitUntil(() => told.length > 0);
      await broker().restart();
      const opened = await opening;
      expect(await opened.describeTopic(topic)).toMatchObject({ partitions: 2 });
      await opened.close();
    },
    brokerPatienceMs,
  );

  it(
    'fails reads and sends as what may pass, and serves the same log again when it is back',
    async () => {
      const producer = await log.createProducer();
      await producer.send(topic, [{ partition: 0, value: 'before' }]);
      const before = await log.describeTopic(topic);
      await broker().kill();
      await expect(log.offsetRanges(topic)).rejects.toMatchObject({ retriable: true });
      await expect(log.describeTopic(topic)).rejects.toMatchObject({ retriable: true });
      await expect(log.createProducer()).rejects.toMatchObject({ retriable: true });
      await expect(producer.send(topic, [{ partition: 0, value: 'x' }])).rejects.toThrow(
        SendOutcomeUnknownError,
      );
      await broker().restart();
      // Broken once, it stays broken: what came of its last send is not known.
      await expect(producer.send(topic, [{ partition: 0, value: 'later' }])).rejects.toThrow(
        SendOutcomeUnknownError,
      );
      await producer.close();
      expect(await log.describeTopic(topic)).toEqual(before);
      const again = await log.createProducer();
      await again.send(topic, [{ partition: 0, value: 'after' }]);
      await again.close();
      const records = await log.read(topic, 0, 0, { maxRecords: 10, maxBytes: 1_000 });
      expect(records.map(({ value }) => value?.toString())).toEqual(['before', 'after']);
    },
    brokerPatienceMs,
  );

  it(
    'fails a send that is not answered before a clean stop would be given up',
    async () => {
      const producer = await log.createProducer();
      await producer.send(topic, [{ partition: 0, value: 'before' }]);
      await broker().freeze();
      try {
        const sending = producer.send(topic, [{ partition: 0, value: 'x' }]);
        const stopDeadline = pause(25_000, 'too late', { ref: false });
        await expect(Promise.race([sending, stopDeadline])).rejects.toThrow(SendOutcomeUnknownError);
      } finally {
        broker().thaw();
      }
      await producer.close();
    },
    brokerPatienceMs,
  );

  it.each(['partition', 'record-time'] as const)(
    'loses nothing of what was acknowledged, and consumers catch up in order (order: %s)',
    async (order) => {
      const listener = new RecordingListener();
      const consumer = log.createConsumer({ topic, group: `group-${topic}`, order });
      await consumer.start(listener);
      const sender = new ResendingProducer(log, topic);
      const sending = sender.send(150);
      for (const killed of [30, 80]) {
        await waitUntil(() => listener.records.length > killed);
        await broker().kill();
        await broker().restart();
      }
      await sending;
      const distinct = (partition: number): number[] => firstSeen(listener.records, partition);
      await waitUntil(() => [0, 1].every((partition) => distinct(partition).length === 150));
      for (const partition of [0, 1]) expect(distinct(partition)).toEqual(upTo(150));
      await consumer.stop();
      await consumer.ended;
    },
    brokerPatienceMs,
  );
});

/** As the engine sends: each record until it is acknowledged, with a new producer after every failure. */
class ResendingProducer {
  #producer: LogProducer | undefined;

  constructor(
    private readonly log: KafkaLog,
    private readonly topic: string,
  ) {}

  async send(count: number): Promise<void> {
    for (const value of upTo(count)) await waitUntil(() => this.#try(String(value)));
    await this.#producer?.close();
  }

  async #try(value: string): Promise<boolean> {
    try {
      this.#producer ??= await this.log.createProducer();
      await this.#producer.send(
        this.topic,
        [0, 1].map((partition) => ({ partition, value })),
      );
      return true;
    } catch {
      await this.#producer?.close();
      this.#producer = undefined;
      return false;
    }
  }
}

/** Values of a partition in the order in which each was seen first: sent or delivered again, it is dropped downstream. */
function firstSeen(records: readonly LogRecord[], partition: number): number[] {
  const values = records.filter((record) => record.partition === partition).map(({ value }) => Number(value));
  return [...new Set(values)];
}
