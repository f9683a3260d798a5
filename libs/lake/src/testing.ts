export { MemoryChainStore } from './memory-chain-store.js';
export type { MemoryRow } from './memory-chain-store.js';
export { MemorySnapshotStore } from './memory-snapshot-store.js';
