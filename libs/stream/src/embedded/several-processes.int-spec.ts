import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChangeSignal } from '../consumer/change-signal.js';
import { OffsetOutOfRangeError } from '../index.js';
import type { LogRecord } from '../index.js';
import { LogProcess } from '../../test/log-process-handle.js';
import { waitUntil } from '../testing.js';
import { EmbeddedLog } from './embedded-log.js';
import { FileChanges } from './file-changes.js';

const plenty = { maxRecords: 1_000_000, maxBytes: 1024 ** 3 };
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** For tests that start several processes on a machine that is busy otherwise. */
const patienceMs = 60_000;

describe('several processes at one log', () => {
  let folder: string;
  let log: EmbeddedLog;
  const processes: LogProcess[] = [];
  const onEnd: (() => void)[] = [];

  async function another(): Promise<LogProcess> {
    const started = await LogProcess.at(folder);
    processes.push(started);
    return started;
  }

  async function numbersOf(topic: string, partition: number, key: string): Promise<number[]> {
    const records = await log.read(topic, partition, 0, plenty);
    expect(records.map(({ offset }) => offset)).toEqual(upTo(records.length));
    const own = records.filter((record: LogRecord) => record.key?.toString() === key);
    return own.map(({ value }) => Number(value));
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'several-processes-'));
    log = await EmbeddedLog.open(folder);
  });

  afterEach(async () => {
    for (const end of onEnd.splice(0)) end();
    await Promise.all(processes.splice(0).map((each) => each.kill()));
    await log.close();
    await rm(folder, { recursive: true });
  });

  it(
    'agree on one topic when all make it at once',
    async () => {
      const all = await Promise.all(upTo(3).map(another));
      for (const topic of ['one', 'two', 'three', 'four', 'five']) {
        const made = await Promise.all([
          log.ensureTopic({ name: topic, partitions: 2 }),
          ...all.map(async (each) => (await each.ask('ensure', { topic, partitions: 2 })).description!),
        ]);
        expect(new Set(made.map(({ id }) => id)).size).toBe(1);
        expect(await log.describeTopic(topic)).toEqual(made[0]);
      }
    },
    patienceMs,
  );

  it(
    'append to one partition side by side: dense offsets, each process in its own order, and all is seen',
    async () => {
      await log.ensureTopic({ name: 'ticks', partitions: 1 });
      const reader = await another();
      await reader.ask('consume', { topic: 'ticks' });
      const writers = await Promise.all(upTo(3).map(another));
      const args = { topic: 'ticks', partition: 0, count: 600, batch: 7 };
      await Promise.all(writers.map((writer, i) => writer.ask('write', { ...args, key: `writer ${i}` })));
      await waitUntil(() => reader.seen.length >= 1_800);
      expect(reader.seen.map(([, offset]) => offset)).toEqual(upTo(1_800));
      for (const i of [0, 1, 2]) {
        expect(await numbersOf('ticks', 0, `writer ${i}`)).toEqual(upTo(600));
        const seen = reader.seen.filter(([, , key]) => key === `writer ${i}`);
        expect(seen.map(([, , , number]) => number)).toEqual(upTo(600));
      }
    },
    patienceMs,
  );

  it(
    'lose nothing acknowledged when a writer is killed, and those that are left go on',
    async () => {
      await log.ensureTopic({ name: 'ticks', partitions: 2 });
      const survivor = await another();
      survivor.tell('write', { topic: 'ticks', partition: 0, key: 'survivor', count: 1_000_000, batch: 3 });
      for (const round of upTo(4)) {
        const victim = await another();
        const key = `victim ${round}`;
        victim.tell('write', { topic: 'ticks', partition: 0, key, count: 1_000_000, batch: 10 });
        await waitUntil(() => victim.acked > 100);
        await victim.kill();
        const acked = victim.acked;
        const kept = await numbersOf('ticks', 0, key);
        expect(kept.length).toBeGreaterThanOrEqual(acked);
        expect(kept).toEqual(upTo(kept.length));
        const before = survivor.acked;
        await waitUntil(() => survivor.acked > before + 30);
      }
      await survivor.kill();
      await log.close();
      log = await EmbeddedLog.open(folder);
      const kept = await numbersOf('ticks', 0, 'survivor');
      expect(kept.length).toBeGreaterThanOrEqual(survivor.acked);
      expect(kept).toEqual(upTo(kept.length));
    },
    patienceMs,
  );

  it(
    'read on while another process makes the log grow',
    async () => {
      await log.ensureTopic({ name: 'ticks', partitions: 1 });
      const [reader, writer] = [await another(), await another()];
      await reader.ask('consume', { topic: 'ticks' });
      await writer.ask('write', {
        topic: 'ticks',
        partition: 0,
        key: 'k',
        count: 6_000,
        batch: 100,
        padding: 10_000,
      });
      await waitUntil(() => reader.seen.length >= 6_000);
      expect(reader.seen.map(([, , , number]) => number)).toEqual(upTo(6_000));
      const producer = await log.createProducer();
      await producer.send('ticks', [{ partition: 0, key: 'k', value: '6000' }]);
      await waitUntil(() => reader.seen.length > 6_000);
    },
    patienceMs,
  );

  it(
    'are told by the file system when another one has appended',
    async () => {
      await log.ensureTopic({ name: 'ticks', partitions: 1 });
      const writer = await another();
      const signal = new ChangeSignal();
      const never = 2 ** 31 - 1;
      const changes = new FileChanges(join(folder, 'ticks', 'data.mdb'), signal, never);
      onEnd.push(() => {
        changes.close();
      });
      for (const round of upTo(200)) {
        writer.tell('write', { topic: 'ticks', partition: 0, key: 'k', count: 1, batch: 1 });
        let version = signal.version;
        while ((await log.offsetRanges('ticks'))[0]!.end <= round) {
          await signal.changedSince(version);
          version = signal.version;
        }
      }
    },
    patienceMs,
  );

  it(
    'notice that another one has deleted what they had still to read',
    async () => {
      await log.ensureTopic({ name: 'ticks', partitions: 1 });
      const writer = await another();
      await writer.ask('write', { topic: 'ticks', partition: 0, key: 'k', count: 10, batch: 1 });
      const other = await EmbeddedLog.open(folder);
      expect(await other.read('ticks', 0, 2, plenty)).toHaveLength(8);
      await log.truncate('ticks', 0, 5);
      await expect(other.read('ticks', 0, 2, plenty)).rejects.toThrow(OffsetOutOfRangeError);
      await writer.ask('write', { topic: 'ticks', partition: 0, key: 'k', count: 1, batch: 1 });
      expect(await other.offsetRanges('ticks')).toEqual([{ start: 5, end: 11 }]);
      await other.close();
      expect(await log.read('ticks', 0, 10, plenty)).toHaveLength(1);
    },
    patienceMs,
  );

  it(
    'end by themselves once they have closed the log',
    async () => {
      await log.ensureTopic({ name: 'ticks', partitions: 1 });
      const each = await another();
      await each.ask('consume', { topic: 'ticks' });
      await each.ask('write', { topic: 'ticks', partition: 0, key: 'k', count: 5, batch: 1 });
      expect(await each.close()).toBe(0);
    },
    patienceMs,
  );
});
