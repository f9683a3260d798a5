export * from './ports.js';
export { OverlappingSendError } from './producer/overlapping-send.error.js';
