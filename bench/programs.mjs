/**
 * The programs that the bench runs: ours, bundled from TypeScript, and their peers, compiled if the
 * machine can.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { build } from 'vite'

const here = import.meta.dirname
const cache = path.join(here, '../node_modules/.cache/bench')
const run = promisify(execFile)

/**
 * A command, or why it cannot be had.
 * @typedef {{ readonly command: readonly string[] } | { readonly missing: string }} Program
 */

/** This checkout. */
export const root = path.join(here, '..')

/**
 * Bundles programs/<name>.ts for the Node that runs the bench, with the sources of a checkout.
 * @param {string} name
 * @param {string} [checkout]
 * @returns {Promise<{ readonly command: readonly string[] }>}
 */
export async function ours(name, checkout = root) {
  const folder = path.join(cache, checkout === root ? name : `${name}-against`)
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [sourcesOf(checkout)],
    build: {
      ssr: path.join(here, `programs/${name}.ts`),
      outDir: folder,
      target: 'es2023',
      minify: false,
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  })
  return { command: [process.execPath, path.join(folder, `${name}.mjs`)] }
}

/**
 * What a program imports from this checkout's sources it gets from the same place in another.
 * @param {string} checkout
 * @returns {import('vite').Plugin}
 */
function sourcesOf(checkout) {
  const own = path.join(root, 'src') + path.sep
  return {
    name: 'sources-of-checkout',
    enforce: 'pre',
    resolveId(source, importer) {
      if (checkout === root || importer === undefined || !source.startsWith('.')) return undefined
      const file = path.resolve(path.dirname(importer), source)
      if (!file.startsWith(own)) return undefined
      return this.resolve(path.join(checkout, 'src', file.slice(own.length)), importer)
    },
  }
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

/**
 * Runs a program that takes long, and parses each line when it is printed.
 * @param {readonly string[]} command
 * @param {readonly (string | number)[]} args
 */
export async function* answersOf(command, args) {
  const [file = '', ...first] = command
  const child = spawn(file, [...first, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line)
  const [code] = await closed
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`)
}

/** @param {unknown} error */
function firstLine(error) {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  return text.split('\n').find((line) => line.includes('error')) ?? text.split('\n')[0]
}
