import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeGroups } from '../group.contract.js';
import { describeLog } from '../log.contract.js';
import type { LogUnderTest } from '../log.contract.js';
import { EmbeddedLog } from './embedded-log.js';

async function create(): Promise<LogUnderTest> {
  let now: number | undefined;
  const folder = await mkdtemp(join(tmpdir(), 'embedded-log-'));
  const log = await EmbeddedLog.open(folder, { clock: () => now ?? Date.now() });
  return {
    log,
    setNow: (ms) => {
      now = ms;
    },
    truncate: (topic, partition, before) => log.truncate(topic, partition, before),
    remove: async () => {
      await log.close();
      await rm(folder, { recursive: true });
    },
  };
}

describeLog('the embedded log', create);
describeGroups('the embedded log', create);

describe('the embedded log', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-log-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('finds everything again when it is opened anew', async () => {
    const before = await EmbeddedLog.open(folder, { clock: () => 5_000 });
    const made = await before.ensureTopic({ name: 'ticks', partitions: 2 });
    const producer = await before.createProducer();
    await producer.send('ticks', [
      { partition: 1, key: 'AAPL', value: 'one' },
      { partition: 1, value: 'two' },
    ]);
    await before.close();

    const after = await EmbeddedLog.open(folder, { clock: () => 4_000 });
    expect(await after.describeTopic('ticks')).toEqual(made);
    await (await after.createProducer()).send('ticks', [{ partition: 1, value: 'three' }]);
    const records = await after.read('ticks', 1, 0, { maxRecords: 10, maxBytes: 1_000 });
    expect(records.map(({ offset, timeMs, value }) => [offset, timeMs, value?.toString()])).toEqual([
      [0, 5_000, 'one'],
      [1, 5_000, 'two'],
      [2, 5_000, 'three'],
    ]);
    await after.close();
  });

  it('finds a topic that was made after it was opened', async () => {
    const one = await EmbeddedLog.open(folder);
    const other = await EmbeddedLog.open(folder);
    expect(await one.describeTopic('ticks')).toBeUndefined();
    const made = await other.ensureTopic({ name: 'ticks', partitions: 1 });
    expect(await one.describeTopic('ticks')).toEqual(made);
    await one.close();
    await other.close();
  });

  it('takes the folder of something else for no topic', async () => {
    const log = await EmbeddedLog.open(folder);
    await mkdir(join(folder, 'ticks'));
    expect(await log.describeTopic('ticks')).toBeUndefined();
    const made = await log.ensureTopic({ name: 'ticks', partitions: 1 });
    expect(await log.describeTopic('ticks')).toEqual(made);
    await log.close();
  });

  it('does nothing any more once it is closed', async () => {
    const log = await EmbeddedLog.open(folder);
    await log.ensureTopic({ name: 'ticks', partitions: 1 });
    const producer = await log.createProducer();
    await log.close();
    await expect(log.offsetRanges('ticks')).rejects.toThrow('closed');
    await expect(producer.send('ticks', [{ partition: 0, value: 'x' }])).rejects.toThrow('closed');
    await log.close();
  });

  it('waits for a send at hand before it closes', async () => {
    const log = await EmbeddedLog.open(folder);
    await log.ensureTopic({ name: 'ticks', partitions: 1 });
    const producer = await log.createProducer();
    const sent = producer.send('ticks', [{ partition: 0, value: 'x' }]);
    await log.close();
    await sent;
    const again = await EmbeddedLog.open(folder);
    expect(await again.offsetRanges('ticks')).toEqual([{ start: 0, end: 1 }]);
    await again.close();
  });

  it('reads far more than it keeps mapped, while it is written to', async () => {
    const log = await EmbeddedLog.open(folder);
    await log.ensureTopic({ name: 'ticks', partitions: 2 });
    const producer = await log.createProducer();
    const value = Buffer.alloc(1024 * 1024, 'x');
    for (let i = 0; i < 10; i++) await producer.send('ticks', [{ partition: 0, value }]);
    const limits = { maxRecords: 100, maxBytes: 100 * value.length };
    const read = async (): Promise<void> => {
      for (let round = 0; round < 20; round++) {
        const records = await log.read('ticks', 0, 0, limits);
        expect(records.map((record) => record.value?.equals(value))).toEqual(Array(10).fill(true));
      }
    };
    const write = async (): Promise<void> => {
      for (let i = 0; i < 100; i++) await producer.send('ticks', [{ partition: 1, value: `${i}` }]);
    };
    await Promise.all([read(), read(), write()]);
    expect(await log.offsetRanges('ticks')).toEqual([
      { start: 0, end: 10 },
      { start: 0, end: 100 },
    ]);
    await log.close();
  });
});
