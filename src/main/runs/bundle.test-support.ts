/**
 * Bundles programs and workers as the build does, so that tests run real processes and threads.
 * Files that need the same ones share them: the first that asks makes them.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { beforeAll, inject, vi } from 'vitest'
import type {} from './bundle-folder.test-support'

/** Wall milliseconds: a machine that tests much else at once takes its time. */
const bundlingMs = 120_000

/**
 * A folder as the build makes one, with these files in it.
 * @param entries file beside this one, by what it becomes: `main/worker` is found as main/worker.js
 */
export async function bundleInto(entries: Readonly<Record<string, string>>): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16)
  const folder = join(inject('bundles'), name)
  const outcome = `${folder}.outcome`
  if (!isFirst(folder)) {
    const read = (): string => readFileSync(outcome, 'utf8')
    const fault = await vi.waitFor(read, { timeout: bundlingMs, interval: 50 })
    if (fault !== '') throw new Error(fault)
    return folder
  }
  const fault = await buildInto(folder, entries).then(() => '', String)
  // Whoever waits sees all of it.
  writeFileSync(`${outcome}.part`, fault)
  renameSync(`${outcome}.part`, outcome)
  if (fault !== '') throw new Error(fault)
  return folder
}

/** Whether nobody has made this folder yet; it is there now. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function buildInto(folder: string, entries: Readonly<Record<string, string>>) {
  const input = Object.entries(entries).map(([name, entry]): [string, string] => [
    name,
    resolve(import.meta.dirname, entry),
  ])
  if (input.length === 0) return
  const { build } = await import('vite')
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
}

/**
 * The path of one worker or program, which is there before the tests of a file begin.
 * @param entry a file beside this one
 */
export function bundledWorker(entry: string): () => string {
  let path = ''
  beforeAll(async () => {
    path = join(await bundleInto({ worker: entry }), 'worker.js')
  }, bundlingMs)
  return () => path
}
