export { MemoryLog } from './memory/memory-log.js';
export type { MemoryLogOptions, Delivery } from './memory/memory-log.js';
export { RecordingListener } from './memory/recording-listener.js';
export type { RecordingOptions } from './memory/recording-listener.js';
export { steppingClock } from './memory/stepping-clock.js';
export { waitUntil } from './memory/wait-until.js';
