/** Where a run of the tests keeps the programs and workers that it bundles. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder. */
    bundles: string
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'soakscope-bundles-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  project.provide('bundles', folder)
  // The sources have changed.
  project.onTestsRerun(() => {
    remove()
    mkdirSync(folder)
    return Promise.resolve()
  })
  return remove
}
