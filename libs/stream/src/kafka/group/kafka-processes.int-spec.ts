import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogProcess } from '../../../test/log-process-handle.js';
import { brokerPatienceMs, describeWithKafka, plainSettings, useBroker } from '../../../test/real-kafka.js';
import { KafkaLog } from '../../kafka.js';
import { RecordingListener, waitUntil } from '../../testing.js';

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describeWithKafka('processes of one Kafka group', () => {
  const broker = useBroker();
  const sessionTimeoutMs = 4_000;
  let topic: string;
  let group: string;
  let positions: string;
  let log: KafkaLog;
  const processes: LogProcess[] = [];

  beforeEach(async () => {
    topic = `topic-${randomUUID()}`;
    group = `group-${randomUUID()}`;
    positions = await mkdtemp(join(tmpdir(), 'positions-'));
    log = await KafkaLog.open(plainSettings(broker(), { sessionTimeoutMs }));
    await log.ensureTopic({ name: topic, partitions: 4 });
  });

  afterEach(async () => {
    await Promise.all(processes.splice(0).map((each) => each.kill()));
    await log.close();
    await rm(positions, { recursive: true });
  });

  async function opened(): Promise<LogProcess> {
    const started = await LogProcess.onKafka(plainSettings(broker(), { sessionTimeoutMs }));
    processes.push(started);
    return started;
  }

  async function member(): Promise<LogProcess> {
    const started = await opened();
    await started.ask('join', { topic, group, positions });
    return started;
  }

  async function send(partition: number, ...numbers: number[]): Promise<void> {
    const producer = await log.createProducer();
    await producer.send(
      topic,
      numbers.map((n) => ({ partition, key: 'k', value: `${n}` })),
    );
    await producer.close();
  }

  const positionOf = (partition: number): number => {
    const file = join(positions, `${partition}`);
    return existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  };

  const numbersSeen = (each: LogProcess, partition: number): number[] =>
    each.seen.filter(([of]) => of === partition).map(([, , , number]) => number);

  it(
    'take over what a killed one had, once its session has run out',
    async () => {
      const victim = await member();
      await victim.untilTold('assigned 0 1 2 3');
      const heir = await member();
      await heir.untilTold('assigned 2 3');
      await send(0, 0, 1, 2);
      await waitUntil(() => positionOf(0) === 3);
      await victim.kill();
      await heir.untilTold('assigned 0 1');
      await send(0, 3);
      await waitUntil(() => numbersSeen(heir, 0).length > 0);
      expect(numbersSeen(heir, 0)).toEqual([3]);
      expect(heir.calls).not.toContain('revoked 2 3');
    },
    brokerPatienceMs,
  );

  it(
    'do not act on what a frozen one held when it wakes up: its batch is stale',
    async () => {
      const sleeper = await member();
      await sleeper.untilTold('assigned 0 1 2 3');
      await sleeper.ask('hold');
      await send(0, 0);
      await sleeper.untilTold('batch');
      sleeper.signal('SIGSTOP');
      const heir = await member();
      await heir.untilTold('assigned 0 1 2 3');
      await waitUntil(() => positionOf(0) === 1);
      sleeper.signal('SIGCONT');
      await sleeper.ask('letGo');
      await sleeper.untilTold('stale');
      await sleeper.untilTold('revoked 0 1 2 3');
      // It comes back like anybody else, to what the heir gives up for it.
      await sleeper.untilTold('assigned 2 3');
      await send(2, 7);
      await waitUntil(() => sleeper.seen.length > 0);
      expect(numbersSeen(sleeper, 2)).toEqual([7]);
      expect(numbersSeen(heir, 0)).toEqual([0]);
    },
    brokerPatienceMs,
  );

  it(
    'hand over when one is asked to end, after its batch at hand, without waiting for its session',
    async () => {
      const leaving = await member();
      await leaving.untilTold('assigned 0 1 2 3');
      await leaving.ask('hold');
      const heir = await opened();
      await send(0, 0);
      await leaving.untilTold('batch');
      await heir.ask('join', { topic, group, positions });
      await heir.untilTold('assigned 2 3');
      leaving.signal('SIGTERM');
      await leaving.ask('letGo');
      await heir.untilTold('assigned 0 1');
      await send(0, 1);
      await waitUntil(() => heir.seen.length > 0);
      expect(numbersSeen(heir, 0)).toEqual([1]);
      const own = leaving.calls.filter((call) => typeof call === 'string');
      expect(own).toEqual(['assigned 0 1 2 3', 'batch', 'revoked 2 3', 'not stale', 'revoked 0 1']);
    },
    brokerPatienceMs,
  );

  it(
    'keep what they have while a batch takes longer than a session: the coordinator hears of them all the while',
    async () => {
      const until = Date.now() + 2 * sessionTimeoutMs;
      const stale: boolean[] = [];
      const listener = new RecordingListener({
        onBatch: async (batch) => {
          await waitUntil(() => Date.now() > until);
          stale.push(batch.isStale());
        },
      });
      await log.createConsumer({ topic, group }).start(listener);
      await waitUntil(() => listener.calls.includes('assigned 0 1 2 3'));
      await send(1, 0);
      await listener.untilRecords(1);
      expect(stale).toEqual([false]);
      expect(listener.calls).toEqual(['assigned 0 1 2 3', 'batch']);
    },
    brokerPatienceMs,
  );

  it(
    'keep what nobody else came for while they were too busy taking it to be heard of',
    async () => {
      await send(0, 0);
      const listener = new RecordingListener({
        position: (partition) => {
          const until = Date.now() + (partition === 0 ? 2 * sessionTimeoutMs : 0);
          while (Date.now() < until) readFileSync(new URL(import.meta.url));
          return 0;
        },
      });
      await log.createConsumer({ topic, group }).start(listener);
      await listener.untilRecords(1);
      expect(listener.calls).toEqual(['assigned 0 1 2 3', 'batch']);
    },
    brokerPatienceMs,
  );

  it(
    'deliver every record, in order while a partition is theirs, through joins, leaves and kills',
    async () => {
      let sent = 0;
      const sendMore = async (): Promise<void> => {
        const numbers = upTo(10).map((i) => sent + i);
        sent += 10;
        for (const partition of upTo(4)) await send(partition, ...numbers);
      };
      const everyone = [await member()];
      const present = [...everyone];
      for (const round of upTo(6)) {
        const joining = await member();
        everyone.push(joining);
        present.push(joining);
        await sendMore();
        const leaving = present.shift()!;
        if (round % 2 === 0) await leaving.kill();
        else leaving.signal('SIGTERM');
        await sendMore();
      }
      const deliveredOf = (partition: number): Set<number> =>
        new Set(everyone.flatMap((each) => numbersSeen(each, partition)));
      await waitUntil(() => upTo(4).every((partition) => deliveredOf(partition).size === sent));
      for (const partition of upTo(4))
        for (const each of everyone) {
          const own = numbersSeen(each, partition);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
    },
    brokerPatienceMs,
  );
});
