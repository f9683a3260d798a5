export { runSeed } from './run-seed.js';
export type { Outcome } from './run-seed.js';
