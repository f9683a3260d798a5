import base from '../../jest.preset.mjs';

/** Two workers: the seeds are two suites of equal length. */
export default { ...base, displayName: '@engine/simulation', maxWorkers: 2 };
