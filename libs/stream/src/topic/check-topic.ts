import { OffsetOutOfRangeError, TopicMismatchError } from '../ports.js';
import type { OffsetRange, OutgoingRecord, TopicDescription, TopicSpec } from '../ports.js';

/** Kafka's rule, so that a topic may move there; it also makes every name a folder's name. */
const topicName = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/;

/** Throws `RangeError` for a name or a number of partitions no topic can have. */
export function checkTopicSpec({ name, partitions }: TopicSpec): void {
  checkTopicName(name);
  if (!Number.isInteger(partitions) || partitions < 1 || partitions > 0xffff) {
    throw new RangeError(`${name}: ${partitions} is no number of partitions`);
  }
}

export function checkTopicName(name: string): void {
  if (!topicName.test(name)) throw new RangeError(`${JSON.stringify(name)} is no name of a topic`);
}

export function checkSamePartitions(found: TopicDescription, wanted: TopicSpec): void {
  if (found.partitions === wanted.partitions) return;
  throw new TopicMismatchError(
    `${wanted.name} has ${found.partitions} partitions, ${wanted.partitions} were wanted`,
  );
}

export function missingTopic(name: string): TopicMismatchError {
  return new TopicMismatchError(`There is no topic ${name}`);
}

/** Before anything is appended: every record must go to a partition that exists. */
export function checkPartitions(topic: TopicSpec, records: readonly OutgoingRecord[]): void {
  for (const { partition } of records) checkPartition(topic, partition);
}

export function checkPartition({ name, partitions }: TopicSpec, partition: number): void {
  if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return;
  throw new RangeError(`${name} has no partition ${partition}, only 0 to ${partitions - 1}`);
}

/** Throws `OffsetOutOfRangeError` unless `from` is in [start, end]: at the end there is nothing yet, but it is a place to be. */
export function checkOffset(topic: string, partition: number, from: number, range: OffsetRange): void {
  if (Number.isSafeInteger(from) && from >= range.start && from <= range.end) return;
  throw new OffsetOutOfRangeError(topic, partition, from, range);
}
