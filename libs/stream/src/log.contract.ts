import { randomUUID } from 'node:crypto';
import {
  OffsetOutOfRangeError,
  OverlappingSendError,
  SendOutcomeUnknownError,
  TopicMismatchError,
} from './index.js';
import type {
  ConsumerOptions,
  LaneFailed,
  LaneListener,
  Log,
  LogConsumer,
  LogRecord,
  OutgoingRecord,
} from './index.js';
import { RecordingListener, waitUntil } from './testing.js';

/** A log under test, new and empty, with the two things a test has to be able to do to it. */
export interface LogUnderTest {
  readonly log: Log;
  /** The append time from now on, ms. Left out: the log has a clock that nobody can set. */
  setNow?(ms: number): void;
  /** Deletes the records below `before`. */
  truncate(topic: string, partition: number, before: number): Promise<void>;
  /** Closes the log and removes what it left. */
  remove(): Promise<void>;
}

const plenty = { maxRecords: 100_000, maxBytes: 1024 ** 3 };

/** What every log promises. `hasClock`: its tests can set the append times. */
export function describeLog(
  name: string,
  create: () => Promise<LogUnderTest>,
  { hasClock = true }: { readonly hasClock?: boolean } = {},
): void {
  describe(`${name} keeps the contract of a log`, () => {
    const itWithClock = (what: string, test: () => Promise<void>): void => {
      if (hasClock) it(what, test);
    };
    let under: LogUnderTest;
    let log: Log;
    let topic: string;

    beforeEach(async () => {
      under = await create();
      log = under.log;
      topic = `topic-${randomUUID()}`;
    });

    afterEach(() => under.remove());

    async function send(...records: OutgoingRecord[]): Promise<void> {
      const producer = await log.createProducer();
      await producer.send(topic, records);
      await producer.close();
    }

    async function read(partition: number, from = 0, limits = plenty): Promise<readonly LogRecord[]> {
      return log.read(topic, partition, from, limits);
    }

    const numbered = (partition: number, count: number, start = 0): OutgoingRecord[] =>
      Array.from({ length: count }, (_, i) => ({ partition, value: `${start + i}` }));

    describe('topics', () => {
      it('makes a topic once and describes it ever after', async () => {
        const made = await log.ensureTopic({ name: topic, partitions: 3 });
        expect(made).toMatchObject({ name: topic, partitions: 3 });
        expect(made.id).not.toBe('');
        expect(await log.ensureTopic({ name: topic, partitions: 3 })).toEqual(made);
        expect(await log.describeTopic(topic)).toEqual(made);
      });

      it('makes one topic of many calls at once', async () => {
        const made = await Promise.all([1, 2, 3].map(() => log.ensureTopic({ name: topic, partitions: 2 })));
        expect(new Set(made.map(({ id }) => id)).size).toBe(1);
      });

      it('gives every topic its own id', async () => {
        const one = await log.ensureTopic({ name: topic, partitions: 1 });
        const other = await log.ensureTopic({ name: `${topic}-2`, partitions: 1 });
        expect(one.id).not.toBe(other.id);
      });

      it('refuses another number of partitions', async () => {
        await log.ensureTopic({ name: topic, partitions: 3 });
        await expect(log.ensureTopic({ name: topic, partitions: 4 })).rejects.toThrow(TopicMismatchError);
      });

      it('knows no topic that nobody made, and makes none by asking', async () => {
        expect(await log.describeTopic(topic)).toBeUndefined();
        await expect(log.offsetRanges(topic)).rejects.toThrow(TopicMismatchError);
        await expect(read(0)).rejects.toThrow(TopicMismatchError);
        await expect(send({ partition: 0, value: 'x' })).rejects.toThrow(TopicMismatchError);
        await expect(log.createConsumer({ topic }).start(new RecordingListener())).rejects.toThrow(
          TopicMismatchError,
        );
        expect(await log.describeTopic(topic)).toBeUndefined();
      });

      it.each(['', '..', 'a/b', 'ü', 'x'.repeat(250)])('refuses the name %j', async (bad) => {
        await expect(log.ensureTopic({ name: bad, partitions: 1 })).rejects.toThrow(RangeError);
        await expect(log.describeTopic(bad)).rejects.toThrow(RangeError);
      });

      it.each([0, -1, 1.5, NaN, 65_536])('refuses %d partitions', async (partitions) => {
        await expect(log.ensureTopic({ name: topic, partitions })).rejects.toThrow(RangeError);
      });

      it('takes a name with dots for a name', async () => {
        const name = `${topic}.v1.mdb`;
        await log.ensureTopic({ name, partitions: 1 });
        expect(await log.offsetRanges(name)).toEqual([{ start: 0, end: 0 }]);
      });
    });

    describe('records', () => {
      beforeEach(() => log.ensureTopic({ name: topic, partitions: 3 }));

      it('keeps the order of each partition through many sends', async () => {
        const producer = await log.createProducer();
        for (let i = 0; i < 20; i++) {
          await producer.send(topic, [...numbered(0, 3, 3 * i), ...numbered(2, 2, 2 * i)]);
        }
        for (const [partition, count] of [
          [0, 60],
          [1, 0],
          [2, 40],
        ] as const) {
          const records = await read(partition);
          expect(records.map(({ value }) => value?.toString())).toEqual(
            Array.from({ length: count }, (_, i) => `${i}`),
          );
          expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: count }, (_, i) => i));
          expect(records.every((record) => record.partition === partition)).toBe(true);
        }
        expect(await log.offsetRanges(topic)).toEqual([
          { start: 0, end: 60 },
          { start: 0, end: 0 },
          { start: 0, end: 40 },
        ]);
      });

      it('keeps the order within a send whose partitions are mixed', async () => {
        const mixed = Array.from({ length: 30 }, (_, i) => ({ partition: i % 3, value: `${i}` }));
        await send(...mixed);
        expect((await read(1)).map(({ value }) => Number(value))).toEqual(
          Array.from({ length: 10 }, (_, i) => 3 * i + 1),
        );
      });

      it('gives back keys, values and headers as they were', async () => {
        const binary = Buffer.from([0, 255, 128, 10, 13]);
        await send(
          { partition: 0, key: 'AAPL', value: 'text ✓', headers: { feed: 'file:é', row: '17', '': '' } },
          { partition: 0, key: null, value: binary },
          { partition: 0, value: null, key: 'gone' },
          { partition: 0, key: '', value: '' },
        );
        const [text, bytes, tombstone, empty] = await read(0);
        expect(text?.key?.toString()).toBe('AAPL');
        expect(text?.value?.toString()).toBe('text ✓');
        expect(text?.headers).toEqual({ feed: 'file:é', row: '17', '': '' });
        expect(bytes).toMatchObject({ key: null, headers: {} });
        expect(bytes?.value?.equals(binary)).toBe(true);
        expect(tombstone).toMatchObject({ value: null });
        expect(tombstone?.key?.toString()).toBe('gone');
        expect(empty?.key).toHaveLength(0);
        expect(empty?.value).toHaveLength(0);
      });

      it('keeps what was sent, whatever the sender does to its buffer afterwards', async () => {
        const value = Buffer.from('before');
        await send({ partition: 0, value });
        value.fill('x');
        expect((await read(0))[0]?.value?.toString()).toBe('before');
      });

      it('keeps a value of 2 MB', async () => {
        const large = Buffer.alloc(2 * 1024 * 1024, 'abcdefg');
        await send(
          { partition: 1, value: 'small' },
          { partition: 1, value: large },
          { partition: 1, value: 'last' },
        );
        const records = await read(1);
        expect(records.map(({ value }) => value?.length)).toEqual([5, large.length, 4]);
        expect(records[1]?.value?.equals(large)).toBe(true);
      });

      itWithClock('gives append times that never go back, in all partitions together', async () => {
        for (const now of [1_000, 3_000, 2_000, 4_000]) {
          under.setNow!(now);
          await send({ partition: now === 2_000 ? 1 : 0, value: `${now}` });
        }
        expect((await read(0)).map(({ timeMs }) => timeMs)).toEqual([1_000, 3_000, 4_000]);
        expect((await read(1)).map(({ timeMs }) => timeMs)).toEqual([3_000]);
      });

      it('appends nothing of a send that names a partition that is not there', async () => {
        await expect(send({ partition: 0, value: 'a' }, { partition: 3, value: 'b' })).rejects.toThrow(
          RangeError,
        );
        expect((await log.offsetRanges(topic))[0]).toEqual({ start: 0, end: 0 });
      });

      it('takes a send of nothing', async () => {
        await send();
        expect(await read(0)).toEqual([]);
      });

      it('refuses a send while another one is under way, and takes it afterwards', async () => {
        const producer = await log.createProducer();
        const first = producer.send(topic, numbered(0, 1));
        await expect(producer.send(topic, numbered(0, 1, 1))).rejects.toThrow(OverlappingSendError);
        await first;
        await producer.send(topic, numbered(0, 1, 2));
        expect((await read(0)).map(({ value }) => value?.toString())).toEqual(['0', '2']);
      });

      it('refuses a send after close', async () => {
        const producer = await log.createProducer();
        await producer.close();
        await expect(producer.send(topic, numbered(0, 1))).rejects.toThrow('closed');
      });

      it('gives dense offsets to two producers that append side by side, each in its own order', async () => {
        const one = await log.createProducer();
        const other = await log.createProducer();
        for (let i = 0; i < 50; i++) {
          await Promise.all([
            one.send(topic, [{ partition: 0, key: 'one', value: `${i}` }]),
            other.send(topic, [{ partition: 0, key: 'other', value: `${i}` }]),
          ]);
        }
        const records = await read(0);
        expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, i) => i));
        for (const key of ['one', 'other']) {
          const own = records.filter((record) => record.key?.toString() === key);
          expect(own.map(({ value }) => Number(value))).toEqual(Array.from({ length: 50 }, (_, i) => i));
        }
      });
    });

    describe('reading', () => {
      beforeEach(() => log.ensureTopic({ name: topic, partitions: 2 }));

      it('reads from any offset on', async () => {
        await send(...numbered(0, 5));
        await send(...numbered(0, 5, 5));
        for (let from = 0; from <= 10; from++) {
          expect((await read(0, from)).map(({ offset }) => offset)).toEqual(
            Array.from({ length: 10 - from }, (_, i) => from + i),
          );
        }
      });

      it('stops at the limit of records', async () => {
        await send(...numbered(0, 10));
        expect(await read(0, 2, { maxRecords: 3, maxBytes: 1_000 })).toHaveLength(3);
      });

      it('stops before the limit of bytes is passed, but gives one record at least', async () => {
        await send(...Array.from({ length: 4 }, () => ({ partition: 0, key: 'ab', value: 'x'.repeat(98) })));
        expect(await read(0, 0, { maxRecords: 10, maxBytes: 250 })).toHaveLength(2);
        expect(await read(0, 0, { maxRecords: 10, maxBytes: 200 })).toHaveLength(2);
        expect(await read(0, 0, { maxRecords: 10, maxBytes: 1 })).toHaveLength(1);
      });

      it('tells the range of each partition, and forgets what was truncated', async () => {
        await send(...numbered(0, 10), ...numbered(1, 3));
        await send(...numbered(0, 10, 10));
        await under.truncate(topic, 0, 12);
        expect(await log.offsetRanges(topic)).toEqual([
          { start: 12, end: 20 },
          { start: 0, end: 3 },
        ]);
        expect((await read(0, 12)).map(({ value }) => Number(value))).toEqual([
          12, 13, 14, 15, 16, 17, 18, 19,
        ]);
        await send(...numbered(0, 1, 20));
        expect((await read(0, 20)).map(({ value }) => value?.toString())).toEqual(['20']);
      });

      it('keeps its end when everything was truncated', async () => {
        await send(...numbered(0, 4));
        await under.truncate(topic, 0, 100);
        expect((await log.offsetRanges(topic))[0]).toEqual({ start: 4, end: 4 });
        expect(await read(0, 4)).toEqual([]);
        await send(...numbered(0, 1));
        expect((await read(0, 4)).map(({ offset }) => offset)).toEqual([4]);
      });

      it('refuses an offset that is gone or not there yet, and says what there is', async () => {
        await send(...numbered(0, 10));
        await under.truncate(topic, 0, 4);
        for (const wanted of [3, 11]) {
          const error: unknown = await read(0, wanted).catch((thrown: unknown) => thrown);
          expect(error).toBeInstanceOf(OffsetOutOfRangeError);
          expect(error).toMatchObject({
            topic,
            partition: 0,
            wanted,
            available: { start: 4, end: 10 },
            retriable: false,
          });
        }
        await expect(read(0, 3, { maxRecords: 1, maxBytes: 1 })).rejects.toThrow(
          /wanted, the log holds \[4, 10\)/,
        );
      });

      it('refuses a partition that is not there', async () => {
        await expect(read(2)).rejects.toThrow(RangeError);
      });
    });

    describe('consumers', () => {
      const running: LogConsumer[] = [];

      beforeEach(() => log.ensureTopic({ name: topic, partitions: 3 }));
      afterEach(async () => {
        await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
      });

      async function consume(
        listener: LaneListener,
        options: Omit<ConsumerOptions, 'topic'> = {},
      ): Promise<LogConsumer> {
        const consumer = log.createConsumer({ topic, ...options });
        running.push(consumer);
        await consumer.start(listener);
        return consumer;
      }

      it('gets all partitions, what is there and what comes', async () => {
        await send(...numbered(0, 3), ...numbered(2, 2));
        const listener = new RecordingListener();
        await consume(listener);
        expect(listener.calls[0]).toBe('assigned 0 1 2');
        await listener.untilRecords(5);
        await send(...numbered(1, 1), ...numbered(0, 1, 3));
        await listener.untilRecords(7);
        expect([0, 1, 2].map((partition) => listener.values(partition))).toEqual([
          ['0', '1', '2', '3'],
          ['0'],
          ['0', '1'],
        ]);
        expect(listener.batches.every((batch) => batch.topic === topic)).toBe(true);
      });

      it('starts where the listener says', async () => {
        await send(...numbered(0, 5), ...numbered(1, 5), ...numbered(2, 5));
        const listener = new RecordingListener({ position: (partition) => 2 * partition + 1 });
        await consume(listener);
        await listener.untilRecords(6);
        expect([0, 1, 2].map((partition) => listener.values(partition))).toEqual([
          ['1', '2', '3', '4'],
          ['3', '4'],
          [],
        ]);
      });

      it('goes on where the one before it had stopped', async () => {
        await send(...numbered(0, 5));
        const listener = new RecordingListener();
        const first = await consume(listener, { limits: { maxRecords: 2, maxBytes: 1_000 } });
        await listener.untilRecords(2);
        await first.stop();
        await first.ended;
        await consume(listener);
        await listener.untilRecords(5);
        expect(listener.values()).toEqual(['0', '1', '2', '3', '4']);
      });

      it('hands out batches within the limits, of one partition each', async () => {
        await send(...numbered(0, 7), ...numbered(1, 4));
        const listener = new RecordingListener();
        await consume(listener, { limits: { maxRecords: 3, maxBytes: 1_000 } });
        await listener.untilRecords(11);
        expect(listener.batches.map(({ records }) => records.length).sort()).toEqual([1, 1, 3, 3, 3]);
        for (const { records } of listener.batches) {
          expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
        }
      });

      it('does not let a slow partition hold up the others', async () => {
        await send(...numbered(0, 1), ...numbered(1, 1));
        let release = (): void => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const listener = new RecordingListener({
          onBatch: ({ records }) => (records[0]?.partition === 0 ? held : undefined),
        });
        await consume(listener);
        await listener.untilRecords(1);
        await send(...numbered(1, 1, 1));
        await listener.untilRecords(2);
        expect(listener.values(1)).toEqual(['0', '1']);
        release();
        await listener.untilRecords(3);
      });

      it('never has two batches of one partition out at once', async () => {
        await send(...numbered(0, 40));
        let out = 0;
        const most: number[] = [];
        const listener = new RecordingListener({
          onBatch: async () => {
            most.push(++out);
            await waitUntil(() => true);
            await new Promise(setImmediate);
            out--;
          },
        });
        await consume(listener, { limits: { maxRecords: 4, maxBytes: 1_000 } });
        await listener.untilRecords(40);
        expect(most).toEqual(Array.from({ length: 10 }, () => 1));
      });

      it('stops after the batch at hand, and says so', async () => {
        await send(...numbered(0, 4));
        let release = (): void => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const listener = new RecordingListener({ onBatch: () => held });
        const consumer = await consume(listener, { limits: { maxRecords: 2, maxBytes: 1_000 } });
        await waitUntil(() => listener.calls.includes('batch'));
        let isStopped = false;
        const stopped = consumer.stop().then(() => (isStopped = true));
        await new Promise(setImmediate);
        expect(isStopped).toBe(false);
        release();
        await stopped;
        expect(listener.calls).toEqual(['assigned 0 1 2', 'batch', 'revoked 0 1 2']);
        expect(listener.batches[0]?.isStale()).toBe(true);
        expect(listener.values()).toEqual(['0', '1']);
        await consumer.ended;
      });

      it('stops when it has nothing to do, stops twice, and stops before it was started', async () => {
        const consumer = await consume(new RecordingListener());
        await consumer.stop();
        await consumer.stop();
        await consumer.ended;
        const never = log.createConsumer({ topic });
        await never.stop();
        await never.ended;
      });

      it('starts once only', async () => {
        const consumer = await consume(new RecordingListener());
        await expect(consumer.start(new RecordingListener())).rejects.toThrow('started before');
      });

      it('assigns the partition of a batch anew after a failure that may pass', async () => {
        await send(...numbered(0, 4), ...numbered(1, 2));
        let failuresLeft = 2;
        const seen: LogRecord[][] = [];
        const listener = new RecordingListener({
          onBatch: ({ records }) => {
            seen.push([...records]);
            if (records[0]?.partition === 0 && failuresLeft-- > 0)
              throw new SendOutcomeUnknownError('not now');
          },
        });
        const consumer = await consume(listener);
        await listener.untilRecords(6);
        expect(listener.values(0)).toEqual(['0', '1', '2', '3']);
        expect(listener.values(1)).toEqual(['0', '1']);
        expect(seen.filter((records) => records[0]?.partition === 0)).toHaveLength(3);
        const own = listener.calls.filter((call) => call !== 'batch');
        expect(own).toEqual(['assigned 0 1 2', 'revoked 0', 'assigned 0', 'revoked 0', 'assigned 0']);
        await consumer.stop();
        expect(listener.calls.at(-1)).toBe('revoked 0 1 2');
      });

      it('assigns a partition anew that fails while nothing comes, and hears no more of the assignment before', async () => {
        const listener = new RecordingListener();
        await consume(listener);
        const { failed } = listener;
        failed(1, new SendOutcomeUnknownError('in the background'));
        await waitUntil(() => listener.calls.length === 3);
        failed(1, new SendOutcomeUnknownError('late'));
        await send(...numbered(1, 1));
        await listener.untilRecords(1);
        expect(listener.calls).toEqual(['assigned 0 1 2', 'revoked 1', 'assigned 1', 'batch']);
      });

      it('ends with what a partition cannot go on from, although nothing comes', async () => {
        class Broken extends Error {}
        const listener = new RecordingListener();
        const consumer = await consume(listener);
        listener.failed(2, new Broken('in the background'));
        await expect(consumer.ended).rejects.toThrow(Broken);
        expect(listener.calls.at(-1)).toBe('revoked 0 1 2');
      });

      it('asks again for positions that could not be named just then', async () => {
        await send(...numbered(0, 1));
        let failuresLeft = 2;
        const listener = new RecordingListener({
          position: () => {
            if (failuresLeft-- > 0) throw new SendOutcomeUnknownError('not now');
            return 0;
          },
        });
        await consume(listener);
        await listener.untilRecords(1);
        expect(listener.values()).toEqual(['0']);
      });

      it('hears what was opened in an attempt to assign that failed', async () => {
        let failOfFirst: LaneFailed | undefined;
        const listener = new RecordingListener({
          position: () => {
            if (failOfFirst !== undefined) return 0;
            failOfFirst = listener.failed;
            throw new SendOutcomeUnknownError('not now');
          },
        });
        await consume(listener);
        failOfFirst?.(1, new SendOutcomeUnknownError('in the background'));
        await waitUntil(() => listener.calls.includes('assigned 1'));
        const first = 'assigned 0 1 2';
        expect(listener.calls).toEqual([first, first, 'revoked 1', 'assigned 1']);
      });

      it('gives up what it is in the middle of taking over when it is stopped', async () => {
        const listener = new RecordingListener({
          position: () => {
            throw new SendOutcomeUnknownError('never');
          },
        });
        const consumer = log.createConsumer({ topic });
        const started = consumer.start(listener);
        await waitUntil(() => listener.calls.length > 0);
        await consumer.stop();
        await started;
        expect(listener.calls.at(-1)).toBe('revoked 0 1 2');
      });

      it('ends with the error of a batch that cannot pass, after giving up its partitions', async () => {
        await send(...numbered(1, 1));
        class Broken extends Error {}
        const listener = new RecordingListener({
          onBatch: () => {
            throw new Broken('for good');
          },
        });
        const consumer = await consume(listener);
        await expect(consumer.ended).rejects.toThrow(Broken);
        expect(listener.calls.at(-1)).toBe('revoked 0 1 2');
        await consumer.stop();
      });

      it('refuses a position outside the log, and takes its very end', async () => {
        await send(...numbered(0, 4));
        await under.truncate(topic, 0, 2);
        for (const position of [1, 5]) {
          const consumer = log.createConsumer({ topic });
          const at = (partition: number): number => (partition === 0 ? position : 0);
          const listener = new RecordingListener({ position: at });
          await expect(consumer.start(listener)).rejects.toThrow(OffsetOutOfRangeError);
          await expect(consumer.ended).rejects.toThrow(OffsetOutOfRangeError);
          expect(listener.records).toEqual([]);
        }
        const listener = new RecordingListener({ position: (partition) => (partition === 0 ? 4 : 0) });
        await consume(listener);
        await send(...numbered(0, 1, 4));
        await listener.untilRecords(1);
        expect(listener.values()).toEqual(['4']);
      });

      it('ends when records it had still to read were deleted under it', async () => {
        await send(...numbered(0, 2));
        let release = (): void => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const listener = new RecordingListener({ onBatch: () => held });
        const consumer = await consume(listener, { limits: { maxRecords: 1, maxBytes: 1_000 } });
        await waitUntil(() => listener.calls.includes('batch'));
        await send(...numbered(0, 2, 2));
        await under.truncate(topic, 0, 3);
        release();
        await expect(consumer.ended).rejects.toThrow(OffsetOutOfRangeError);
        // A log may read ahead of what it hands out; what was gone before it was read is never passed over.
        expect(['0', '0 1']).toContain(listener.values().join(' '));
      });

      it('goes on where the listener then says, if it wants to, when records it had still to read were deleted', async () => {
        // One record alone: no log can have read more of the lane by then.
        await send(...numbered(0, 1));
        let release = (): void => undefined;
        const held = new Promise<void>((resolve) => (release = resolve));
        const starts = [0, 0, 0];
        const listener = new RecordingListener({
          onBatch: () => held,
          position: (partition) => starts[partition] ?? 0,
        });
        const limits = { maxRecords: 1, maxBytes: 1_000 };
        await consume(listener, { limits, whenOvertaken: 'reassign' });
        await waitUntil(() => listener.calls.includes('batch'));
        await send(...numbered(0, 4, 1));
        await under.truncate(topic, 0, 3);
        starts[0] = 3;
        release();
        await listener.untilRecords(3);
        expect(listener.values()).toEqual(['0', '3', '4']);
      });

      it('gives two consumers all records each', async () => {
        const listeners = [new RecordingListener(), new RecordingListener()];
        for (const listener of listeners) await consume(listener);
        await send(...numbered(0, 3));
        for (const listener of listeners) await listener.untilRecords(3);
        expect(listeners.map((listener) => listener.values())).toEqual([
          ['0', '1', '2'],
          ['0', '1', '2'],
        ]);
      });

      it('merges a backlog of all partitions by record time', async () => {
        const order = [2, 0, 0, 1, 2, 1, 0, 2, 2, 1];
        for (const [i, partition] of order.entries()) {
          under.setNow?.(1_000 + i);
          await send({ partition, value: `${i}` });
        }
        // Without a clock to set, several records may have one time.
        const times = (await Promise.all([0, 1, 2].map((partition) => read(partition)))).flat();
        const byTime = times.sort(
          (a, b) => a.timeMs - b.timeMs || a.partition - b.partition || a.offset - b.offset,
        );
        const expected = byTime.map(({ value }) => value?.toString());
        if (hasClock) expect(expected).toEqual(order.map((_, i) => `${i}`));
        for (const maxRecords of [1, 2, 3, 4, 100]) {
          const listener = new RecordingListener();
          const consumer = await consume(listener, {
            order: 'record-time',
            limits: { maxRecords, maxBytes: 1_000 },
          });
          await listener.untilRecords(order.length);
          expect(listener.values()).toEqual(expected);
          expect(Math.max(...listener.batches.map(({ records }) => records.length))).toBeLessThanOrEqual(
            maxRecords,
          );
          await consumer.stop();
        }
      });

      itWithClock('orders records of one time by partition', async () => {
        under.setNow!(5_000);
        for (const partition of [2, 0, 1, 0]) await send({ partition, value: `${partition}` });
        const listener = new RecordingListener();
        await consume(listener, { order: 'record-time' });
        await listener.untilRecords(4);
        expect(listener.values()).toEqual(['0', '0', '1', '2']);
      });

      it('assigns all partitions of a merged batch anew after a failure that may pass', async () => {
        await send(...numbered(0, 2), ...numbered(2, 2));
        let failuresLeft = 1;
        const listener = new RecordingListener({
          onBatch: () => {
            if (failuresLeft-- > 0) throw new SendOutcomeUnknownError('not now');
          },
        });
        await consume(listener, { order: 'record-time' });
        await listener.untilRecords(4);
        expect(listener.calls.slice(0, 4)).toEqual([
          'assigned 0 1 2',
          'batch',
          'revoked 0 2',
          'assigned 0 2',
        ]);
        expect(listener.values(0)).toEqual(['0', '1']);
        expect(listener.values(2)).toEqual(['0', '1']);
      });

      it('is stopped by the log that closes', async () => {
        const listener = new RecordingListener();
        const consumer = await consume(listener);
        await log.close();
        await consumer.ended;
        expect(listener.calls.at(-1)).toBe('revoked 0 1 2');
      });
    });
  });
}
