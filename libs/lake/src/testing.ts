export { MemoryChainStore } from './memory-chain-store.js';
export type { MemoryRow } from './memory-chain-store.js';
export { MemorySnapshotStore } from './memory-snapshot-store.js';
export { PowerLossError, SimulatedDisk } from './simulated-disk.js';
export { SIMULATED_LAKE, segmentIn, SimulatedLake } from './simulated-lake.js';
export type { ChainUpkeep } from './chain-upkeep.js';
