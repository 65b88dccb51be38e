/** Starting other programs, with nothing but what Node 20 has built in. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

export const root = path.resolve(import.meta.dirname, '..')

/** A window may talk for days: what is collected has a limit, in characters. */
const collectedMax = 2 ** 20

/** Children that are still running; they go when this process is told to go. */
const running = new Set()
/** Those of them that lead a process group of their own. */
const groups = new WeakSet()
/** A signal's exit code, as shells have it. */
const codeOf = (/** @type {string} */ signal) =>
  128 + (constants.signals[/** @type {NodeJS.Signals} */ (signal)] ?? 0)

/**
 * Wall milliseconds in which a signal is the same one: npm passes on what the terminal sends to
 * both.
 */
const sameSignalMs = 250
/** @type {Map<string, number>} */
const passedOnAt = new Map()

/** @param {NodeJS.Signals} signal */
function passOn(signal) {
  const now = performance.now()
  if (now - (passedOnAt.get(signal) ?? -Infinity) < sameSignalMs) return
  passedOnAt.set(signal, now)
  for (const child of running) tell(child, signal)
  process.exitCode = codeOf(signal)
  if (running.size === 0) process.exit()
}
/**
 * Of a group, everything hears it: a shell in between would end by itself and leave the rest
 * running.
 */
function tell(
  /** @type {import('node:child_process').ChildProcess} */ child,
  /** @type {NodeJS.Signals} */ signal,
) {
  if (!groups.has(child) || child.pid === undefined) {
    child.kill(signal)
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has just ended.
  }
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => passOn(signal))

/**
 * npm starts a script by a shell, and passes its signals on to that shell; many a shell ends
 * without a word to the script, and none ends with npm. So a script that npm started goes when one
 * of the two is gone.
 */
const ancestors = () => `${process.ppid} ${parentOfShell(process.ppid)}`
/**
 * The parent of a shell, where /proc tells; some shells become the script, and then npm is the
 * parent.
 */
function parentOfShell(/** @type {number} */ pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const end = stat.lastIndexOf(')')
    return stat.slice(0, end).endsWith('sh') ? stat.slice(end + 2).split(' ')[1] : undefined
  } catch {
    return undefined
  }
}
const lookMs = 200
if (process.env.npm_lifecycle_event !== undefined && process.platform !== 'win32') {
  const atFirst = ancestors()
  const look = setInterval(() => {
    if (ancestors() === atFirst) return
    clearInterval(look)
    if (passedOnAt.size === 0) passOn('SIGTERM')
  }, lookMs)
  look.unref()
}

/**
 * @typedef {object} RunOptions
 * @property {'show' | 'tied' | 'stderr' | 'lines' | 'collect'} [output]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {boolean} [group]
 * @property {(child: import('node:child_process').ChildProcess) => void} [onStart]
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * `show` passes both streams on, `tied` also has a channel to the child, which hears by it that
 * this process is gone, `stderr` sends both to this process's standard error, `lines` passes on
 * whole lines, so that two programs do not talk at once, `collect` returns their first mebibyte.
 * `cwd` is the root of the repository when left out. With `group`, signals are passed on to all
 * that the program has started.
 * @returns {Promise<{ code: number, signal: string | undefined, output: string, seconds: number }>}
 *   code 127 when the program could not be started.
 */
export function run(command, args, options = {}) {
  const mode = options.output ?? 'show'
  const started = performance.now()
  /** @type {Record<string, import('node:child_process').StdioOptions>} */
  const streams = {
    show: 'inherit',
    tied: ['inherit', 'inherit', 'inherit', 'ipc'],
    stderr: ['inherit', 2, 2],
    lines: ['ignore', 'pipe', 'pipe'],
    collect: ['ignore', 'pipe', 'pipe'],
  }
  const group = options.group === true && process.platform !== 'win32'
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? root,
      stdio: streams[mode],
      env: options.env ?? process.env,
      detached: group,
      // npm is a .cmd file on Windows.
      shell: process.platform === 'win32' && command === 'npm',
    })
    running.add(child)
    if (group) groups.add(child)
    options.onStart?.(child)
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      if (output.length < collectedMax) output += chunk.toString()
    }
    for (const stream of [child.stdout, child.stderr]) {
      if (stream && mode === 'lines')
        createInterface({ input: stream }).on('line', (line) => console.log(line))
      else stream?.on('data', collect)
    }
    const end = (/** @type {number} */ code, /** @type {string | undefined} */ signal) => {
      running.delete(child)
      resolve({ code, signal, output, seconds: (performance.now() - started) / 1000 })
    }
    child.on('error', (error) => {
      output += error.message
      end(127, undefined)
    })
    child.on('close', (code, signal) => end(code ?? codeOf(signal ?? ''), signal ?? undefined))
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
