import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    projects: [
      // Model and page keep nothing outside of what a test makes: their files share warm workers.
      {
        extends: true,
        test: { name: 'pure', include: ['src/{sim,shared,renderer}/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'shells',
          include: ['{src/!(sim|shared|renderer),scripts,eslint-rules}/**/*.test.ts'],
          globalSetup: 'src/main/runs/bundle-folder.test-support.ts',
        },
      },
    ],
    environment: 'node',
    // Reports read their colours out of these, as text.
    css: { include: [/src\/shared\/styles\//] },
    // Two cores is the machine this has to be comfortable on.
    maxWorkers: 2,
    // Nothing waits for time to pass; a machine may be busy with other things, and workers are
    // bundled before tests.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
})
