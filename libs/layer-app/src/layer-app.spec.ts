import { topicNames } from '@engine/contracts';
import { EngineMetrics } from '@engine/observability';
import { MemoryLog } from '@engine/stream/testing';

import { ensureTopics } from './ensure-topics.js';
import { RetryLog } from './retry-log.js';

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

it('is not ready while something has to be tried again, and says what', async () => {
  const warnings: string[] = [];
  const quiet = (): void => undefined;
  const logger = { log: quiet, error: quiet, warn: (message: string) => warnings.push(message) };
  const retries = new RetryLog(new EngineMetrics('silver'), logger);
  expect(await retries.check()).toEqual({ up: true });
  retries.observer.retrying?.('publish silver/ticks/lane=2', new Error('no space left on device'), 3);
  const reason = 'publish silver/ticks/lane=2 (attempt 3): no space left on device';
  expect(await retries.check()).toEqual({ up: false, reason });
  expect(warnings).toEqual([reason]);
});
