/** Starting other programs, with nothing but what Node 20 has built in. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '..')

/** A window may talk for days: what is collected has a limit, in characters. */
const collectedMax = 2 ** 20

/** Children that are still running; they go when this process is told to go. */
const running = new Set()
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => {
    for (const child of running) child.kill(signal)
    process.exitCode = 130
    if (running.size === 0) process.exit()
  })

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ output?: 'show' | 'stderr' | 'collect', env?: NodeJS.ProcessEnv, cwd?: string, onStart?: (child: import('node:child_process').ChildProcess) => void }} [options]
 *   `show` passes both streams on, `stderr` sends both to this process's standard error, `collect` returns
 *   their first mebibyte. `cwd` is the root of the repository when left out.
 * @returns {Promise<{ code: number, signal: string | undefined, output: string, seconds: number }>}
 *   code 127 when the program could not be started.
 */
export function run(command, args, options = {}) {
  const mode = options.output ?? 'show'
  const started = performance.now()
  /** @type {Record<string, import('node:child_process').StdioOptions>} */
  const streams = {
    show: 'inherit',
    stderr: ['inherit', 2, 2],
    collect: ['ignore', 'pipe', 'pipe'],
  }
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      stdio: streams[mode],
      env: options.env ?? process.env,
      // npm is a .cmd file on Windows.
      shell: process.platform === 'win32' && command === 'npm',
    })
    running.add(child)
    options.onStart?.(child)
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      if (output.length < collectedMax) output += chunk.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    const end = (/** @type {number} */ code, /** @type {string | undefined} */ signal) => {
      running.delete(child)
      resolve({ code, signal, output, seconds: (performance.now() - started) / 1000 })
    }
    child.on('error', (error) => {
      output += error.message
      end(127, undefined)
    })
    child.on('close', (code, signal) => end(code ?? 1, signal ?? undefined))
  })
}

/** The first of these programs that PATH has, as an absolute path. */
export function which(/** @type {string[]} */ ...names) {
  for (const name of names)
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.join(folder, name)
      if (folder !== '' && existsSync(file)) return file
    }
  return undefined
}
