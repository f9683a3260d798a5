import base from '../../jest.preset.mjs';

/** One suite at a time: each starts the whole engine. */
export default { ...base, displayName: '@engine/e2e', maxWorkers: 1 };
