import { randomUUID } from 'node:crypto';
import type { LogUnderTest } from './log.contract.js';
import type { ConsumerOptions, LogBatch, LogConsumer, LogRecord, OutgoingRecord } from './index.js';
import { RecordingListener, waitUntil } from './testing.js';

/** What every log promises to the consumers of a group. */
export function describeGroups(name: string, create: () => Promise<LogUnderTest>): void {
  describe(`${name} has groups share partitions`, () => {
    const partitions = [0, 1, 2];
    let under: LogUnderTest;
    let topic: string;
    const running: LogConsumer[] = [];
    /** What has been dealt with, per partition, as a snapshot would know it. */
    let positions: number[];

    beforeEach(async () => {
      under = await create();
      topic = `topic-${randomUUID()}`;
      positions = [0, 0, 0];
      await under.log.ensureTopic({ name: topic, partitions: partitions.length });
    });

    afterEach(async () => {
      await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
      await under.remove();
    });

    const position = (partition: number): number => positions[partition]!;

    function remember(batch: LogBatch): void {
      if (batch.isStale()) return;
      for (const { partition, offset } of batch.records) positions[partition] = offset + 1;
    }

    function member(onBatch?: (batch: LogBatch) => Promise<void>): RecordingListener {
      return new RecordingListener({
        position,
        onBatch: async (batch) => {
          await onBatch?.(batch);
          remember(batch);
        },
      });
    }

    async function join(
      listener: RecordingListener,
      options: Omit<ConsumerOptions, 'topic'> = {},
    ): Promise<LogConsumer> {
      const consumer = under.log.createConsumer({ topic, group: `layer-${topic}`, ...options });
      running.push(consumer);
      await consumer.start(listener);
      return consumer;
    }

    async function send(...records: OutgoingRecord[]): Promise<void> {
      const producer = await under.log.createProducer();
      await producer.send(topic, records);
      await producer.close();
    }

    const toAll = (...values: string[]): OutgoingRecord[] =>
      values.flatMap((value) => partitions.map((partition) => ({ partition, value })));

    const untilTold = (listener: RecordingListener, call: string): Promise<void> =>
      waitUntil(() => listener.calls.includes(call));

    const seenTwice = (...listeners: RecordingListener[]): LogRecord[] => {
      const all = listeners.flatMap(({ records }) => records);
      const places = all.map(({ partition, offset }) => `${partition}/${offset}`);
      return all.filter((_, i) => places.indexOf(places[i]!) !== i);
    };

    it('gives a member that is alone everything', async () => {
      const alone = member();
      await join(alone);
      await untilTold(alone, 'assigned 0 1 2');
      expect(alone.calls).toEqual(['assigned 0 1 2']);
    });

    it('tells who is in it, as long as they are', async () => {
      const consumer = await join(member());
      const group = `layer-${topic}`;
      expect(await under.log.members(topic, group)).toHaveLength(1);
      await consumer.stop();
      expect(await under.log.members(topic, group)).toEqual([]);
      expect(await under.log.members(topic, `${group}-nobody`)).toEqual([]);
    });

    it.each(['partition', 'record-time'] as const)(
      'shares the partitions of two, and each record goes to one of them (order: %s)',
      async (order) => {
        const [first, second] = [member(), member()];
        await join(first, { order });
        await send(...toAll('a', 'b'));
        await first.untilRecords(6);
        await join(second, { order });
        await untilTold(second, 'assigned 2');
        await send(...toAll('c', 'd'));
        await first.untilRecords(10);
        await second.untilRecords(2);
        expect(first.calls.filter((call) => call !== 'batch')).toEqual(['assigned 0 1 2', 'revoked 2']);
        expect(second.calls.filter((call) => call !== 'batch')).toEqual(['assigned 2']);
        for (const partition of [0, 1]) expect(first.values(partition)).toEqual(['a', 'b', 'c', 'd']);
        expect(second.values()).toEqual(['c', 'd']);
        expect(seenTwice(first, second)).toEqual([]);
      },
    );

    it('hands over what a member had when it stops, to go on where the new owner says', async () => {
      const [first, second] = [member(), member()];
      const leaving = await join(first);
      await join(second);
      await untilTold(second, 'assigned 2');
      await send(...toAll('a'));
      await waitUntil(() => positions.every((next) => next === 1));
      positions = [0, 1, 1];
      await leaving.stop();
      await untilTold(second, 'assigned 0 1');
      await send(...toAll('b'));
      await second.untilRecords(5);
      expect(second.values(0)).toEqual(['a', 'b']);
      expect(second.values(1)).toEqual(['b']);
      expect(second.values(2)).toEqual(['a', 'b']);
      expect(first.calls.at(-1)).toBe('revoked 0 1');
    });

    it('gives nothing to the new owner before the old one has dealt with its batch and answered', async () => {
      const events: string[] = [];
      let finish = (): void => undefined;
      const held = new Promise<void>((resolve) => (finish = resolve));
      const first = member(async (batch) => {
        if (batch.records[0]?.partition !== 2) return;
        events.push('batch');
        await held;
        events.push(`dealt with, ${batch.isStale() ? 'stale' : 'not stale'}`);
      });
      const answer = first.revoked.bind(first);
      first.revoked = async (given) => {
        events.push('asked to give up');
        await new Promise(setImmediate);
        events.push('answered');
        await answer(given);
      };
      const second = new RecordingListener({
        position: (partition) => {
          events.push(`assigned ${partition}`);
          return position(partition);
        },
      });
      await join(first);
      await send({ partition: 2, value: 'a' });
      await waitUntil(() => events.includes('batch'));
      await join(second);
      // The others are not given up, nor does the one that is hold them up.
      await send({ partition: 0, value: 'b' }, { partition: 1, value: 'c' });
      await waitUntil(() => first.values().length === 2);
      expect(events).toEqual(['batch']);
      finish();
      await untilTold(second, 'assigned 2');
      expect(events).toEqual([
        'batch',
        'dealt with, not stale',
        'asked to give up',
        'answered',
        'assigned 2',
      ]);
      expect(first.batches.find(({ records }) => records[0]?.partition === 2)?.isStale()).toBe(true);
      expect(second.records).toEqual([]);
    });

    it('has a member that is one too many stand by', async () => {
      const members = [member(), member(), member(), member()];
      const consumers: LogConsumer[] = [];
      for (const each of members) consumers.push(await join(each));
      const isAssigned = (each: RecordingListener): boolean => each.calls.length > 0;
      await waitUntil(() => members.slice(0, 3).every(isAssigned));
      expect(members[3]!.calls).toEqual([]);
      await consumers[0]!.stop();
      await untilTold(members[3]!, 'assigned 0');
      await send(...toAll('a'));
      await waitUntil(() => positions.every((next) => next === 1));
      expect(members.map((each) => each.values())).toEqual([[], ['a'], ['a'], ['a']]);
    });

    it('keeps groups apart, and those who are in none', async () => {
      const others = [member(), member(), member()];
      await join(others[0]!);
      await join(others[1]!, { group: `another-${topic}` });
      const alone = under.log.createConsumer({ topic });
      running.push(alone);
      await alone.start(others[2]!);
      for (const each of others) {
        await untilTold(each, 'assigned 0 1 2');
        expect(each.calls).toEqual(['assigned 0 1 2']);
      }
    });

    it('frees what a member had that ended by an error', async () => {
      const broken = member(() => Promise.reject(new Error('for good')));
      const heir = member();
      const ending = await join(broken);
      await join(heir);
      await untilTold(heir, 'assigned 2');
      await send({ partition: 0, value: 'a' });
      await expect(ending.ended).rejects.toThrow('for good');
      await untilTold(heir, 'assigned 0 1');
      await heir.untilRecords(1);
      expect(heir.values(0)).toEqual(['a']);
    });

    it('frees what a member could not start with', async () => {
      const lost = new RecordingListener({ position: () => 17 });
      const consumer = under.log.createConsumer({ topic, group: `layer-${topic}` });
      await expect(consumer.start(lost)).rejects.toThrow('offset 17 was wanted');
      const heir = member();
      await join(heir);
      await untilTold(heir, 'assigned 0 1 2');
      expect(heir.calls).toEqual(['assigned 0 1 2']);
    });

    it('does not assign twice what is assigned anew after a failure while another one joins', async () => {
      let failuresLeft = 3;
      const first = member(() => {
        if (failuresLeft-- > 0) return Promise.reject(Object.assign(new Error('later'), { retriable: true }));
        return Promise.resolve();
      });
      const second = member();
      await join(first);
      await send(...toAll('a'));
      await join(second);
      await untilTold(second, 'assigned 2');
      await send(...toAll('b'));
      await waitUntil(() => positions.every((next) => next === 2));
      for (const partition of [0, 1]) expect(first.values(partition)).toEqual(['a', 'b']);
      for (const partition of partitions) {
        const told = first.calls.filter((call) => call.split(' ').includes(`${partition}`));
        const kinds = told.map((call) => call.split(' ')[0]);
        const alternating = kinds.map((_, i) => (i % 2 === 0 ? 'assigned' : 'revoked'));
        expect(kinds).toEqual(alternating);
      }
    });

    it('loses no record and no order through ten joins and leaves', async () => {
      const members: RecordingListener[] = [];
      const present: LogConsumer[] = [];
      let sent = 0;
      const sendMore = async (): Promise<void> => {
        await send(...toAll(`${sent}`, `${sent + 1}`));
        sent += 2;
      };
      const enter = async (): Promise<void> => {
        const each = member();
        members.push(each);
        present.push(await join(each, { limits: { maxRecords: 3, maxBytes: 1_000 } }));
      };
      await enter();
      for (let round = 0; round < 10; round++) {
        await enter();
        await sendMore();
        await present.shift()!.stop();
        await sendMore();
      }
      await waitUntil(() => positions.every((next) => next === sent));
      expect(seenTwice(...members)).toEqual([]);
      for (const partition of partitions) {
        const seen = members.flatMap((each) => each.values(partition)).map(Number);
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, i) => i));
        for (const each of members) {
          const own = each.values(partition).map(Number);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }
    });
  });
}
