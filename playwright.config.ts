import { defineConfig } from '@playwright/test'
import type { ShellOption } from './e2e/fixtures'

/** Windows of one display would take the focus from each other: then one is open at a time. */
const displayEach = !!process.env['SOAKSCOPE_XVFB']

/** The same specs against both shells; scripts/e2e.mjs says which of them can run here. */
export default defineConfig<object, ShellOption>({
  testDir: 'e2e',
  outputDir: 'test-results',
  // Two windows keep two cores busy for nine tenths of the time; with three, each draws for longer
  // while it waits for a core, and all take as long or longer.
  workers: 2,
  // A window manager, a compositor and a network stack are not ours: a spec may ask once more. One
  // that passes only then is named, with what went wrong, as flaky.
  retries: 1,
  // Generous: a machine may be busy with other things; nothing waits for time to pass.
  timeout: 420_000,
  expect: { timeout: 60_000 },
  forbidOnly: true,
  reporter: 'list',
  projects: [
    {
      name: 'electron',
      workers: displayEach ? 2 : 1,
      use: { shell: 'electron' },
      testIgnore: 'browser-*.spec.ts',
    },
    { name: 'web', workers: 2, use: { shell: 'web' }, testIgnore: 'electron-*.spec.ts' },
  ],
})
