import base from '../../eslint.config.mjs';

/** The pipeline runs on ports; adapters are chosen by the apps. */
const portsOnly = {
  files: ['src/**/*.ts'],
  ignores: ['src/**/*spec.ts', 'src/testing.ts', 'src/testing/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
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
