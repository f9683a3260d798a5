import type { Log, TopicSpec } from '@engine/stream';
import { TopicMismatchError } from '@engine/stream';

/** Creates the topic where it is missing. One that exists may have any number of partitions: anybody may have made it. */
export async function ensureAnyTopic(log: Log, spec: TopicSpec): Promise<void> {
  if ((await log.describeTopic(spec.name)) !== undefined) return;
  try {
    await log.ensureTopic(spec);
  } catch (error) {
    const wasMadeMeanwhile =
      error instanceof TopicMismatchError && (await log.describeTopic(spec.name)) !== undefined;
    if (!wasMadeMeanwhile) throw error;
  }
}
