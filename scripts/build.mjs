/** Builds out/ with electron-vite; `ensureBuilt` only when out/ does not belong to the sources. */
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureInstalled } from './install.mjs'
import { runTool } from './pinned.mjs'
import { root } from './spawn.mjs'

const inputs = ['src', 'resources', 'electron.vite.config.ts', 'package.json', 'package-lock.json']
const stamp = path.join(root, 'out/.sources')
const outputs = [
  'out/main/cli.js',
  'out/main/part-worker.js',
  'out/main/electron.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
]
const lock = path.join(root, 'node_modules/.cache/soakscope-build')

/** @returns {string[]} files below, sorted */
function filesBelow(/** @type {string} */ name) {
  const file = path.join(root, name)
  if (!existsSync(file)) return []
  if (!statSync(file).isDirectory()) return [name]
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test|bench)\.ts$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort()
}

/** Digest of everything that the build reads: contents, so that a touched file is no change. */
function sourcesDigest() {
  const hash = createHash('sha256')
  for (const file of inputs.flatMap(filesBelow))
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)))
      .update('\0')
  return hash.digest('hex')
}

const isBuilt = () =>
  outputs.every((file) => existsSync(path.join(root, file))) &&
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === sourcesDigest()

/** One build at a time: two commands may find the same stale out/ at once. */
async function lockBuild() {
  mkdirSync(path.dirname(lock), { recursive: true })
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      process.on('exit', unlockBuild)
      return
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    }
    if (isAbandoned()) rmSync(lock, { force: true })
    else await sleep(200)
  }
}
function unlockBuild() {
  process.off('exit', unlockBuild)
  rmSync(lock, { force: true })
}
/** Whether the process that holds the lock is gone. */
function isAbandoned() {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0)
    return false
  } catch (error) {
    return ['ESRCH', 'ENOENT'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')
  }
}

/** @param {'show' | 'collect'} output */
async function buildNow(output) {
  const digest = sourcesDigest()
  rmSync(stamp, { force: true })
  const result = await runTool('electron-vite', ['build', '--logLevel', 'warn'], { output })
  if (result.code === 0) writeFileSync(stamp, digest)
  return result
}

/** Builds in any case. @param {'show' | 'collect'} output */
export async function build(output) {
  await lockBuild()
  try {
    return await buildNow(output)
  } finally {
    unlockBuild()
  }
}

/** Builds when it must, says nothing unless it fails, and then ends the process. */
export async function ensureBuilt() {
  if (isBuilt()) return
  await lockBuild()
  const result = isBuilt() ? undefined : await buildNow('collect')
  unlockBuild()
  if (result === undefined || result.code === 0) return
  console.error(result.output)
  console.error('The build failed: nothing was started')
  process.exit(1)
}

if (process.argv[1] === import.meta.filename) {
  await ensureInstalled()
  const { code } = await build('show')
  process.exitCode = code
}
