import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { layers } from './eslint-rules/layers.js'
import { order } from './eslint-rules/rooms.js'
import * as sim from './eslint-rules/sim-globals.js'

const tests = ['src/**/*.test.ts', 'src/**/*.test-support.ts', 'src/**/*.bench.ts']

/** Rules that need no types: fast, and all that the rules' own tests run. */
export const untyped = defineConfig(
  js.configs.recommended,
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  vue.configs['flat/recommended'],
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { soakscope: { rules: { layers, rooms: order } } },
    rules: {
      'soakscope/layers': 'error',
      'soakscope/rooms': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...sim.noSpreadLiteral],
      'no-var': 'error',
      // A closure may read a variable before its one assignment.
      'prefer-const': ['error', { ignoreReadBeforeAssign: true }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      // TypeScript knows which names exist in which environment.
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Typed arrays and tables are indexed by computed slots all over the engine.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A generator cannot be an arrow function, so a process inside a method names its object.
      '@typescript-eslint/no-this-alias': 'off',
      // Loops that are walked millions of times a second count by themselves.
      '@typescript-eslint/prefer-for-of': 'off',
      // A step of an interface that does nothing for one implementation.
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/multi-word-component-names': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/require-default-prop': 'off',
      'vue/no-undef-components': ['error', { ignorePatterns: ['RouterView', 'RouterLink'] }],
    },
  },
  {
    files: ['src/sim/**/*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-globals': ['error', ...sim.globals],
      'no-restricted-properties': ['error', ...sim.properties],
      'no-restricted-syntax': ['error', ...sim.syntax],
    },
  },
  {
    files: ['src/sim/engine/random*.ts'],
    ignores: tests,
    rules: {
      'no-restricted-properties': ['error', ...sim.propertiesInRandom],
      'no-restricted-syntax': ['error', ...sim.syntaxInRandom],
    },
  },
  {
    files: ['src/renderer/**/*.{ts,vue}', 'src/shared/**/*.ts', 'src/preload/**/*.ts'],
    ignores: tests,
    rules: { 'no-console': 'error' },
  },
  prettier,
  {
    // The formatter breaks code; comments are broken by hand.
    files: ['**/*.{ts,js,mjs,vue}'],
    rules: {
      'max-len': [
        'error',
        {
          code: 100,
          ignorePattern: '@typedef|@param|:?title="',
          ignoreUrls: true,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreRegExpLiterals: true,
        },
      ],
    },
  },
)

/** Promises must be awaited where there are any; this needs the type checker. */
const typed = defineConfig({
  files: ['src/main/**/*.ts', 'src/preload/**/*.ts', 'src/renderer/**/*.{ts,vue}', 'e2e/**/*.ts'],
  languageOptions: {
    parserOptions: {
      projectService: true,
      tsconfigRootDir: import.meta.dirname,
      extraFileExtensions: ['.vue'],
    },
  },
  rules: {
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
  },
})

export default defineConfig(
  {
    ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', 'test-results/', 'playwright-report/'],
  },
  untyped,
  typed,
)
