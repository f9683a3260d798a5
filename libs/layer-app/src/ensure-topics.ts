import type { TopicNames } from '@engine/contracts';
import type { Log } from '@engine/stream';

/** Creates what is missing. `stock-ticks` is other people's too: it may have any number of partitions. */
export async function ensureTopics(
  log: Log,
  topics: TopicNames,
  lanes: number,
  wanted: readonly (keyof TopicNames)[],
): Promise<void> {
  for (const role of wanted) {
    const name = topics[role];
    const exists = role === 'stockTicks' && (await log.describeTopic(name)) !== undefined;
    if (!exists) await log.ensureTopic({ name, partitions: lanes });
  }
}
