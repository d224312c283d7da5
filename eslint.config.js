// The design's direction of imports is held here: rooms know nothing of Temporal, workflows know nothing of Node.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import globals from 'globals';

const TEMPORAL_SIDE = ['activities', 'workflows', 'worker', 'client'];

const noTemporal = {
  group: ['@temporalio/*', ...TEMPORAL_SIDE.map((room) => `**/${room}/**`)],
  message: 'Rooms import nothing from Temporal, activities, workflows, worker or client.',
};
const outsideWorkflows = {
  regex:
    '^(node:|zod$|yaml$|pino$|mysql2|snowflake-sdk|pg(/|$)|libsql|undici|@aws-sdk/|@temporalio/(client|worker|activity|testing|envconfig))',
  message: 'Workflow files import only @temporalio/workflow, @temporalio/common, types and pure helpers.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.om-ingest/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      // code has the same width, by Prettier
      'max-len': ['error', { code: Infinity, comments: 120, ignoreUrls: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [...TEMPORAL_SIDE.map((room) => `src/${room}/**`), 'src/index.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noTemporal] }] },
  },
  {
    files: ['src/workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ ...outsideWorkflows, allowTypeImports: true }] },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: globals.node },
  }
);
