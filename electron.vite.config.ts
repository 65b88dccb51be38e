import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

/**
 * Code inside Electron and its worker stays within what Node 20.18 and Chromium 130 have: the
 * end-to-end tests run on that Electron too.
 */
const nodeTarget = 'node20.18'
const pageTarget = 'chrome130'

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: nodeTarget,
      sourcemap: true,
      rolldownOptions: {
        input: {
          electron: 'src/main/electron.ts',
          cli: 'src/main/cli.ts',
          worker: 'src/main/runs/worker.ts',
          'part-worker': 'src/main/cli/part-worker.ts',
        },
        // All in one folder, so that './worker.js' means the same from every file.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: nodeTarget,
      sourcemap: true,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload is one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    base: './',
    plugins: [vue()],
    define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
    build: {
      outDir: 'out/renderer',
      target: pageTarget,
      minify: true,
      sourcemap: true,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: { index: 'src/renderer/index.html' } },
    },
  },
})
