/** The programs that the bench runs: ours, bundled from TypeScript, and their peers, compiled if the machine can. */
import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'

const here = import.meta.dirname
const cache = path.join(here, '../node_modules/.cache/bench')
const run = promisify(execFile)

/**
 * A command, or why it cannot be had.
 * @typedef {{ readonly command: readonly string[] } | { readonly missing: string }} Program
 */

/**
 * Bundles programs/<name>.ts for the Node that runs the bench.
 * @param {string} name
 * @returns {Promise<{ readonly command: readonly string[] }>}
 */
export async function ours(name) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(here, `programs/${name}.ts`),
      outDir: path.join(cache, name),
      target: 'es2023',
      minify: false,
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  })
  return { command: [process.execPath, path.join(cache, name, `${name}.mjs`)] }
}

/**
 * Compiles peers/<name>.cpp.
 * @param {string} name
 * @param {readonly string[]} [flags]
 * @returns {Promise<Program>}
 */
export async function cpp(name, flags = []) {
  mkdirSync(cache, { recursive: true })
  const binary = path.join(cache, `peer-${name}`)
  const source = path.join(here, `peers/${name}.cpp`)
  try {
    await run('g++', ['-O3', '-march=native', '-std=c++17', '-o', binary, source, ...flags])
    return { command: [binary] }
  } catch (error) {
    return {
      missing: `${name}.cpp does not compile here (apt-get install g++): ${firstLine(error)}`,
    }
  }
}

/** @returns {Promise<Program>} */
export async function ns3() {
  const program = await cpp('ns3', ['-lns3-core'])
  return 'missing' in program ? { missing: 'no ns-3 (apt-get install g++ libns3-dev)' } : program
}

/** @returns {Program} */
export function simpy() {
  for (const python of ['/usr/bin/python3', 'python3']) {
    try {
      execFileSync(python, ['-c', 'import simpy'], { stdio: 'ignore' })
    } catch {
      // This Python has no SimPy, or there is no such Python; the next may have it.
      continue
    }
    return { command: [python, path.join(here, 'peers/simpy_models.py')] }
  }
  return { missing: 'no Python that has SimPy (apt-get install python3-simpy3)' }
}

/**
 * Runs a program and parses the line that it prints.
 * @param {readonly string[]} command
 * @param {readonly (string | number)[]} args
 */
export async function answerOf(command, args) {
  const [file = '', ...first] = command
  const { stdout } = await run(file, [...first, ...args.map(String)])
  return JSON.parse(stdout)
}

/** @param {unknown} error */
function firstLine(error) {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.split('\n').find((line) => line.includes('error')) ?? text.split('\n')[0]
}
