import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** Packages that the pure libraries must never see: they know neither framework nor log nor database. */
const impure = [
  '@nestjs/*',
  'kafkajs',
  'lmdb',
  '@duckdb/*',
  'rxjs',
  'class-validator',
  'class-transformer',
  'prom-client',
  'node:*',
];

/** Who may depend on whom: arrows point one way, app → pipeline → (stream, lake) → contracts → medallion → window. */
const depConstraints = [
  { sourceTag: 'type:window', onlyDependOnLibsWithTags: ['type:window'], bannedExternalImports: impure },
  {
    sourceTag: 'type:medallion',
    onlyDependOnLibsWithTags: ['type:medallion', 'type:window'],
    bannedExternalImports: impure,
  },
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:medallion', 'type:window'],
  },
  { sourceTag: 'type:stream', onlyDependOnLibsWithTags: ['type:stream', 'type:contracts'] },
  { sourceTag: 'type:lake', onlyDependOnLibsWithTags: ['type:lake', 'type:contracts', 'type:medallion'] },
  {
    sourceTag: 'type:pipeline',
    onlyDependOnLibsWithTags: [
      'type:pipeline',
      'type:stream',
      'type:lake',
      'type:contracts',
      'type:medallion',
      'type:window',
    ],
    bannedExternalImports: ['@nestjs/*', 'kafkajs', 'lmdb', '@duckdb/*'],
  },
  { sourceTag: 'type:config', onlyDependOnLibsWithTags: ['type:config', 'type:medallion', 'type:window'] },
  {
    sourceTag: 'type:observability',
    onlyDependOnLibsWithTags: ['type:observability', 'type:contracts', 'type:medallion'],
  },
  {
    sourceTag: 'type:layer-app',
    onlyDependOnLibsWithTags: [
      'type:pipeline',
      'type:stream',
      'type:lake',
      'type:contracts',
      'type:config',
      'type:observability',
    ],
    bannedExternalImports: ['lmdb', '@duckdb/*', 'kafkajs'],
  },
  {
    sourceTag: 'type:verify',
    onlyDependOnLibsWithTags: [
      'type:verify',
      'type:lake',
      'type:contracts',
      'type:medallion',
      'type:window',
      'type:config',
    ],
    bannedExternalImports: ['@nestjs/*', 'lmdb', '@duckdb/*', 'kafkajs'],
  },
  {
    sourceTag: 'type:app',
    onlyDependOnLibsWithTags: [
      'type:verify',
      'type:layer-app',
      'type:pipeline',
      'type:stream',
      'type:lake',
      'type:contracts',
      'type:medallion',
      'type:window',
      'type:config',
      'type:observability',
    ],
    bannedExternalImports: ['lmdb', '@duckdb/*', 'kafkajs'],
  },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: [
      'type:oracle',
      'type:stream',
      'type:contracts',
      'type:config',
      'type:observability',
    ],
  },
  // What the engine is held against must not know it.
  { sourceTag: 'type:oracle', onlyDependOnLibsWithTags: ['type:oracle'], bannedExternalImports: impure },
  {
    sourceTag: 'type:simulation',
    onlyDependOnLibsWithTags: [
      'type:oracle',
      'type:pipeline',
      'type:stream',
      'type:lake',
      'type:contracts',
      'type:medallion',
      'type:window',
    ],
    bannedExternalImports: ['@nestjs/*', 'lmdb', '@duckdb/*', 'kafkajs'],
  },
  // The page runs in a browser: of the engine it knows the API's types and the pure windows.
  {
    sourceTag: 'type:web',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:window'],
    bannedExternalImports: impure,
  },
];

export default tseslint.config(
  { ignores: ['**/dist', '**/out-tsc', '**/coverage', '**/tmp', '**/*.mjs'] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, banTransitiveDependencies: true, allow: [], depConstraints },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
    },
  },
  prettier,
);
