import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OffsetOutOfRangeError } from '../index.js';
import type { LogProducer } from '../index.js';
import { EmbeddedLog } from './embedded-log.js';

const plenty = { maxRecords: 100_000, maxBytes: 1024 ** 3 };

describe('retention by size', () => {
  let folder: string;
  let log: EmbeddedLog;
  let producer: LogProducer;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'retention-'));
    log = await EmbeddedLog.open(folder, { retentionBytes: 100_000 });
    await log.ensureTopic({ name: 'ticks', partitions: 2 });
    producer = await log.createProducer();
  });

  afterEach(async () => {
    await log.close();
    await rm(folder, { recursive: true });
  });

  const sendTo = (partition: number, bytes = 10_000): Promise<void> =>
    producer.send('ticks', [{ partition, value: Buffer.alloc(bytes, partition) }]);

  it('lets the oldest records go, of whatever partition, and keeps what fits', async () => {
    for (let i = 0; i < 5; i++) await sendTo(1);
    for (let i = 0; i < 8; i++) await sendTo(0);
    expect(await log.offsetRanges('ticks')).toEqual([
      { start: 0, end: 8 },
      { start: 4, end: 5 },
    ]);
    for (let i = 0; i < 20; i++) await sendTo(0);
    const [busy] = await log.offsetRanges('ticks');
    expect(busy).toEqual({ start: 20, end: 28 });
    expect(await log.read('ticks', 0, 20, plenty)).toHaveLength(8);
    await expect(log.read('ticks', 0, 19, plenty)).rejects.toThrow(OffsetOutOfRangeError);
  });

  it('keeps the newest records of each partition, even where they alone are too much', async () => {
    await sendTo(1, 5);
    await sendTo(0, 300_000);
    await sendTo(0, 300_000);
    expect(await log.offsetRanges('ticks')).toEqual([
      { start: 1, end: 2 },
      { start: 0, end: 1 },
    ]);
    expect((await log.read('ticks', 0, 1, plenty))[0]?.value).toHaveLength(300_000);
  });

  it('uses the room of what went again', async () => {
    for (let i = 0; i < 500; i++) await sendTo(i % 2);
    expect((await stat(join(folder, 'ticks', 'data.mdb'))).size).toBeLessThan(1_000_000);
  });

  it('is off by default, and can be switched on later', async () => {
    await log.close();
    log = await EmbeddedLog.open(folder);
    producer = await log.createProducer();
    for (let i = 0; i < 30; i++) await sendTo(0);
    expect((await log.offsetRanges('ticks'))[0]).toEqual({ start: 0, end: 30 });
    await log.close();
    log = await EmbeddedLog.open(folder, { retentionBytes: 50_000 });
    producer = await log.createProducer();
    await log.ensureTopic({ name: 'ticks', partitions: 2 });
    expect((await log.offsetRanges('ticks'))[0]).toEqual({ start: 26, end: 30 });
    await sendTo(0);
    expect((await log.offsetRanges('ticks'))[0]).toEqual({ start: 27, end: 31 });
  });
});
