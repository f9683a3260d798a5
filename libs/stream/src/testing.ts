export { MemoryLog } from './memory/memory-log.js';
export type { MemoryLogOptions, Delivery } from './memory/memory-log.js';
export { RecordingListener } from './memory/recording-listener.js';
export type { RecordingOptions } from './memory/recording-listener.js';
export { steppingClock } from './memory/stepping-clock.js';
export { waitUntil } from './memory/wait-until.js';
// What a log of another kind is built of, with the consumers and groups of the real ones.
export { ChangeSignal } from './consumer/change-signal.js';
export type { Fetched, LaneSource, Wanted } from './consumer/lane-source.js';
export { PullConsumer } from './consumer/pull-consumer.js';
export type { GroupBook, Lease } from './group/group-book.js';
export { GroupSeat } from './group/group-seat.js';
export { emptyGroup } from './group/group.js';
export type { Group, Member } from './group/group.js';
export { SerialProducer } from './producer/serial-producer.js';
export { checkOffset, checkSamePartitions, missingTopic } from './topic/check-topic.js';
