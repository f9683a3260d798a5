import base from '../../eslint.config.mjs';

/** The pipeline runs on ports; adapters are chosen by the apps. */
const portsOnly = {
  files: ['src/**/*.ts'],
  ignores: ['src/**/*spec.ts', 'src/testing.ts', 'src/testing/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: [
          {
            name: 'node:timers/promises',
            message: 'Timers are the globals: in a simulated world they are its own.',
          },
        ],
        patterns: [
          {
            regex: '^@engine/(stream|lake)(?!/ports$)',
            message: 'The pipeline knows ports, not adapters: import from /ports.',
          },
        ],
      },
    ],
  },
};

export default [...base, portsOnly];
