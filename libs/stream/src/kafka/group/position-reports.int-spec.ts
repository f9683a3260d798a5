import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { describeWithKafka, plainSettings, useBroker } from '../../../test/real-kafka.js';
import { ChangeSignal } from '../../consumer/change-signal.js';
import { KafkaLog } from '../../kafka.js';
import type { LogConsumer } from '../../ports.js';
import { RecordingListener, waitUntil } from '../../testing.js';
import { clientOptions } from '../client-options.js';
import { KafkaConnection } from '../kafka-connection.js';
import { GroupSession } from './group-session.js';

describeWithKafka('positions that are reported to Kafka', () => {
  const broker = useBroker();
  let log: KafkaLog;
  let topic: string;
  let groupId: string;

  beforeEach(async () => {
    log = await KafkaLog.open(plainSettings(broker()));
    topic = `topic-${randomUUID()}`;
    groupId = `group-${randomUUID()}`;
    await log.ensureTopic({ name: topic, partitions: 2 });
  });
  afterEach(() => log.close());

  /** Resolves when it was given what it is to have. */
  async function member(listener: RecordingListener, call: string): Promise<LogConsumer> {
    const consumer = log.createConsumer({ topic, group: groupId });
    await consumer.start(listener);
    await waitUntil(() => listener.calls.includes(call));
    return consumer;
  }

  /** As Kafka's own tools see them; -1: none. */
  async function committed(): Promise<number[]> {
    const admin = new Kafka({ brokers: [broker().address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
    await admin.disconnect();
    const { partitions } = found!;
    return partitions.sort((a, b) => a.partition - b.partition).map(({ offset }) => Number(offset));
  }

  it('are the group’s committed offsets, and nobody starts there', async () => {
    const producer = await log.createProducer();
    await producer.send(topic, [{ partition: 0, value: 'a' }]);
    await producer.close();
    const first = await member(new RecordingListener(), 'assigned 0 1');
    await first.reportPosition(0, 1);
    expect(await committed()).toEqual([1, -1]);
    await first.reportPosition(1, 0);
    expect(await committed()).toEqual([1, 0]);
    await first.stop();
    const listener = new RecordingListener();
    const second = log.createConsumer({ topic, group: groupId });
    await second.start(listener);
    await listener.untilRecords(1);
    expect(listener.values(0)).toEqual(['a']);
  });

  it('are told before a lane is given on, also when nobody waits for the report', async () => {
    const leaving = new RecordingListener();
    const first = await member(leaving, 'assigned 0 1');
    leaving.revoked = (partitions) => {
      for (const partition of partitions) void first.reportPosition(partition, 10 + partition);
      return Promise.resolve();
    };
    let seen: number[] = [];
    const heir = new RecordingListener({
      position: async () => {
        seen = await committed();
        return 0;
      },
    });
    await log.createConsumer({ topic, group: groupId }).start(heir);
    await waitUntil(() => seen.length > 0);
    expect(seen).toEqual([-1, 11]);
    await first.stop();
    expect(await committed()).toEqual([10, 11]);
  });

  it('say nothing of a partition that is another’s', async () => {
    const first = await member(new RecordingListener(), 'assigned 0 1');
    const second = await member(new RecordingListener(), 'assigned 1');
    await second.reportPosition(1, 7);
    await first.reportPosition(1, 3);
    await first.reportPosition(0, 5);
    expect(await committed()).toEqual([5, 7]);
  });

  it('are refused of who was taken for dead, and change nothing then', async () => {
    const [zombie, paused] = await session();
    await zombie.join([]);
    await zombie.commit(new Map([[0, 5]]));
    paused.isCut = true;
    const [heir] = await session();
    expect(await heir.join([])).toEqual([0, 1]);
    await heir.commit(new Map([[0, 8]]));
    await expect(zombie.commit(new Map([[0, 99]]))).rejects.toThrow(`group ${groupId}: commit`);
    expect(await committed()).toEqual([8, -1]);
    expect(zombie.isMember).toBe(false);
    for (const each of [zombie, heir]) each.close();
  });

  async function session(): Promise<[GroupSession, HeartlessConnection]> {
    const connection = new HeartlessConnection(await clientOptions(plainSettings(broker())));
    const settings = { groupId, topic, partitions: 2, sessionTimeoutMs: 2_000 };
    return [new GroupSession(settings, connection, new ChangeSignal(), () => undefined), connection];
  }
});

/** Lets no heartbeat through while it is cut. */
class HeartlessConnection extends KafkaConnection {
  isCut = false;

  override use: KafkaConnection['use'] = (what, call) =>
    this.isCut && what.endsWith('heartbeat') ? Promise.reject(new Error('cut')) : super.use(what, call);
}
