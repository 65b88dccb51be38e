import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['{src,scripts,eslint-rules}/**/*.test.ts'],
    environment: 'node',
    // Two cores is the machine this has to be comfortable on.
    maxWorkers: 2,
    testTimeout: 60_000,
  },
})
