export * from './silver/testing.js';
