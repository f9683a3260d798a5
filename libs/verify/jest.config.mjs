import base from '../../jest.preset.mjs';

// Every test makes or copies a lake.
export default { ...base, displayName: '@engine/verify', testTimeout: 60_000 };
