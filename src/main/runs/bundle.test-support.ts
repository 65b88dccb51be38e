/** Bundles programs and workers as the build does, so that tests run real processes and threads. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'

export interface BuiltFolder {
  readonly folder: string
  readonly remove: () => void
}
export interface Bundle extends BuiltFolder {
  readonly path: string
}

/**
 * A folder as the build makes one, with these files in it.
 * @param entries file beside this one, by what it becomes: `main/worker` is found as main/worker.js
 */
export async function bundleInto(entries: Readonly<Record<string, string>>): Promise<BuiltFolder> {
  const folder = mkdtempSync(join(tmpdir(), 'soakscope-worker-'))
  const input = Object.entries(entries).map(([name, entry]): [string, string] => [
    name,
    resolve(import.meta.dirname, entry),
  ])
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      ssr: true,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(input),
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
    ssr: { noExternal: true },
  })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  return { folder, remove: () => rmSync(folder, { recursive: true }) }
}

/** One worker or program. @param entry a file beside this one, or its absolute path. */
export async function bundleWorker(entry: string): Promise<Bundle> {
  const built = await bundleInto({ worker: entry })
  return { ...built, path: join(built.folder, 'worker.js') }
}
