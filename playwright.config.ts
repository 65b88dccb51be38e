import { defineConfig } from '@playwright/test'
import type { ShellOption } from './e2e/fixtures'

/** The same specs against both shells; scripts/e2e.mjs says which of them can run here. */
export default defineConfig<ShellOption>({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Each spec has a simulation that takes a core of its own.
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: 'list',
  projects: [
    { name: 'electron', use: { shell: 'electron' } },
    { name: 'web', use: { shell: 'web' } },
  ],
})
