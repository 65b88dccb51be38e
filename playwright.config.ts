import { defineConfig } from '@playwright/test'
import type { ShellOption } from './e2e/fixtures'

/** The same specs against both shells; scripts/e2e.mjs says which of them can run here. */
export default defineConfig<ShellOption>({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Each spec has a simulation that takes a core of its own.
  workers: 1,
  retries: 0,
  // Generous: a machine may be busy with other things; nothing waits for time to pass.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: 'list',
  projects: [
    { name: 'electron', use: { shell: 'electron' }, testIgnore: 'browser-*.spec.ts' },
    { name: 'web', use: { shell: 'web' }, testIgnore: 'electron-*.spec.ts' },
  ],
})
