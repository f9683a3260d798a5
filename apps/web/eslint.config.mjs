import hooks from 'eslint-plugin-react-hooks';
import base from '../../eslint.config.mjs';

export default [
  ...base,
  hooks.configs.flat.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    rules: { '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }] },
  },
];
