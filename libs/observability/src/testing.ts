export { FakeProcess } from './testing/fake-process.js';
export { laneStatus } from './testing/lane-status.js';
