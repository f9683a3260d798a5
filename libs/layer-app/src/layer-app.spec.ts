import { topicNames } from '@engine/contracts';
import { EngineMetrics } from '@engine/observability';
import { MemoryLog } from '@engine/stream/testing';

import { ensureTopics } from './ensure-topics.js';
import { Troubles } from './troubles.js';

const topics = topicNames();

describe('the topics of a layer', () => {
  it('are made with one partition per lane where they are missing', async () => {
    const log = new MemoryLog();
    await ensureTopics(log, topics, 3, ['stockTicks', 'bronzeTicks']);
    expect(await log.describeTopic('stock-ticks')).toMatchObject({ partitions: 3 });
    expect(await log.describeTopic('bronze-ticks')).toMatchObject({ partitions: 3 });
    expect(await log.describeTopic('gold-updates')).toBeUndefined();
  });

  it("may not have another number of partitions, but for stock-ticks, which is other people's too", async () => {
    const log = new MemoryLog();
    await log.ensureTopic({ name: 'stock-ticks', partitions: 7 });
    await log.ensureTopic({ name: 'bronze-ticks', partitions: 7 });
    await ensureTopics(log, topics, 3, ['stockTicks']);
    await expect(ensureTopics(log, topics, 3, ['bronzeTicks'])).rejects.toMatchObject({ exitCode: 78 });
  });
});

describe('what is tried again', () => {
  const quiet = (): void => undefined;
  let warnings: string[];
  let nowMs: number;
  let troubles: Troubles;
  beforeEach(() => {
    warnings = [];
    nowMs = 0;
    const logger = { log: quiet, error: quiet, warn: (message: string) => warnings.push(message) };
    troubles = new Troubles(new EngineMetrics('silver'), logger, () => nowMs);
  });
  const publish = 'publish silver/ticks/lane=2';

  it('keeps the app from being ready until it has worked, with the reason', async () => {
    expect(await troubles.check()).toEqual({ up: true });
    troubles.observer.retrying?.(publish, new Error('no space left on device'), 3);
    troubles.observer.retrying?.('send to silver-ticks/1', new Error('broker away'), 1);
    const reason = `${publish} (attempt 3): no space left on device`;
    const other = 'send to silver-ticks/1 (attempt 1): broker away';
    expect(await troubles.check()).toEqual({ up: false, reason: `${reason}; ${other}` });
    troubles.observer.settled?.('send to silver-ticks/1');
    expect(await troubles.check()).toEqual({ up: false, reason });
    troubles.observer.settled?.(publish);
    expect(await troubles.check()).toEqual({ up: true });
    expect(warnings).toEqual([reason, other]);
  });

  it('counts no longer when nothing more is heard of it', async () => {
    troubles.observer.retrying?.(publish, new Error('no space left on device'), 3);
    nowMs = 9_999;
    expect((await troubles.check()).up).toBe(false);
    nowMs = 10_000;
    expect((await troubles.check()).up).toBe(true);
  });

  it('is a sign of life, but a snapshot that fails is none of its lane', async () => {
    troubles.observer.retrying?.(publish, new Error('no space left on device'), 3);
    expect(troubles.attempts).toBe(1);
    troubles.observer.snapshotFailed?.(2, new Error('no space left on device'), 1);
    expect(troubles.attempts).toBe(1);
    troubles.observer.settled?.(publish);
    expect(await troubles.check()).toMatchObject({
      reason: 'snapshot of lane 2 (attempt 1): no space left on device',
    });
    troubles.observer.snapshotWritten?.(2, 0.1);
    expect(await troubles.check()).toEqual({ up: true });
  });
});
