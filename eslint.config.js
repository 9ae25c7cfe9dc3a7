import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { layoutPlugin } from './lint/layout.js';

const NODE_GLOBALS = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'URL',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'performance',
  'process',
  'setInterval',
  'setTimeout',
  'structuredClone',
];

/** Workflow code is replayed: what it computes must depend on its history alone. `workflow-time.ts` holds the one exception. */
const NOT_IN_WORKFLOWS = {
  'no-restricted-globals': [
    'error',
    ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'performance', 'fetch', 'crypto', 'console'].map(
      (name) => ({
        name,
        message: 'Workflow code is deterministic: no clocks, timers, randomness or I/O of its own.',
      }),
    ),
  ],
  'no-restricted-syntax': [
    'error',
    { selector: "NewExpression[callee.name='Date']", message: 'Workflow code takes its time from workflow-time.ts.' },
    {
      selector: "MemberExpression[object.name='Date'][property.name='now']",
      message: 'Workflow code takes its time from workflow-time.ts.',
    },
    {
      selector: "MemberExpression[object.name='Math'][property.name='random']",
      message: 'Workflow code is deterministic: no randomness.',
    },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.acequia/', 'coverage/'] },
  js.configs.recommended,
  {
    plugins: { layout: layoutPlugin },
    rules: { 'layout/imports': 'error', 'max-lines': ['error', { max: 300 }] },
  },
  {
    files: ['**/*.ts', '**/*.mts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // With noUncheckedIndexedAccess, `!` is how a loop says that its index is in range.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
  },
  { files: ['workflows/**/*.ts'], rules: NOT_IN_WORKFLOWS },
  { files: ['workflows/workflow-time.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
