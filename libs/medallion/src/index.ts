export * from './bronze/index.js';
export * from './columns.js';
export * from './gold/index.js';
export * from './lane.js';
export * from './layer.js';
export * from './silver/index.js';
export * from './tables.js';
export * from './ticks.js';
