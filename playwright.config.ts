import { defineConfig } from '@playwright/test'
import type { ShellOption } from './e2e/fixtures'

/** The same specs against both shells; scripts/e2e.mjs says which of them can run here. */
export default defineConfig<ShellOption>({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Each spec has a simulation that takes a core of its own: one spec a shell at once, on two
  // cores.
  workers: 2,
  // A window manager, a compositor and a network stack are not ours: a spec may ask once more. One
  // that passes only then is named, with what went wrong, as flaky.
  retries: 1,
  // Generous: a machine may be busy with other things; nothing waits for time to pass.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: 'list',
  projects: [
    // Windows of one display would take the focus from each other.
    { name: 'electron', workers: 1, use: { shell: 'electron' }, testIgnore: 'browser-*.spec.ts' },
    { name: 'web', workers: 1, use: { shell: 'web' }, testIgnore: 'electron-*.spec.ts' },
  ],
})
