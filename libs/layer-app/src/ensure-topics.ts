import type { TopicNames } from '@engine/contracts';
import type { Log } from '@engine/stream';

/** Bars and metrics for those who watch: what is older stands in the lake. */
const GOLD_UPDATES_KEPT_MS = 24 * 3_600_000;

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
    const retention = role === 'goldUpdates' ? { retentionMs: GOLD_UPDATES_KEPT_MS } : {};
    if (!exists) await log.ensureTopic({ name, partitions: lanes, ...retention });
  }
}
