/** Bundles a worker as the build does, so that tests run a real thread. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'

export interface Bundle {
  readonly path: string
  readonly remove: () => void
}

/** @param entry a file beside this one, or its absolute path. */
export async function bundleWorker(entry: string): Promise<Bundle> {
  const folder = mkdtempSync(join(tmpdir(), 'soakscope-worker-'))
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      ssr: resolve(import.meta.dirname, entry),
      minify: false,
      rolldownOptions: { output: { format: 'es', entryFileNames: 'worker.mjs' } },
    },
    ssr: { noExternal: true },
  })
  return { path: join(folder, 'worker.mjs'), remove: () => rmSync(folder, { recursive: true }) }
}
