/** The command line as people call it, with what it wrote and a folder for its files. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { catalogue } from '../api/catalogue'
import type { RunReport } from '../formats/run-report'
import { bundleInto } from '../runs/bundle.test-support'
import { runProgram } from './program'

export interface CommandLine {
  /** What stands for the folder of the build. */
  readonly built: () => string
  /** The folder of the test. */
  readonly folder: () => string
  readonly inFolder: (name: string) => string
  readonly cli: (...args: readonly string[]) => Promise<{ code: number; out: string; err: string }>
  /** Wrong usage: exit code 2, one line, nothing on standard output. Returns the line. */
  readonly complaint: (...args: readonly string[]) => Promise<string>
  /** The report of a run, from the folder of the test. */
  readonly report: (name: string) => RunReport
}

/**
 * A command line for the tests of a file, and a folder of its own for each of them.
 * @param workers what is built for it: a file beside the bundler, by what it becomes
 */
export function commandLine(workers: Readonly<Record<string, string>> = {}): CommandLine {
  let built = ''
  beforeAll(async () => {
    built = await bundleInto(workers)
  })
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'soakscope-cli-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const inFolder = (name: string): string => join(folder, name)

  const cli: CommandLine['cli'] = async (...args) => {
    let [out, err] = ['', '']
    const code = await runProgram(args, {
      catalogue,
      out: built,
      terminal: {
        out: (text) => void (out += text),
        err: (text) => void (err += text),
        settled: () => Promise.resolve(),
        interactive: false,
      },
    })
    return { code, out, err }
  }
  const complaint: CommandLine['complaint'] = async (...args) => {
    const { code, out, err } = await cli(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^soakscope: [^\n]+\n$/)
    return err.slice('soakscope: '.length, -1)
  }
  const report = (name: string): RunReport =>
    JSON.parse(readFileSync(inFolder(name), 'utf8')) as RunReport
  return { built: () => built, folder: () => folder, inFolder, cli, complaint, report }
}
