/**
 * Installs what package-lock.json names, when node_modules is missing or belongs to another lock
 * file.
 */
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './spawn.mjs'

const folder = path.join(root, 'node_modules')
const lockFile = path.join(root, 'package-lock.json')
/** What npm itself leaves behind after an install. */
const installedLock = path.join(root, 'node_modules/.package-lock.json')
/**
 * Digest of the lock file that was installed last: a checkout may touch the file without changing
 * it.
 */
const stamp = path.join(root, 'node_modules/.soakscope-lock')

const digest = () => createHash('sha256').update(readFileSync(lockFile)).digest('hex')

function isInstalled() {
  if (!existsSync(installedLock)) return false
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest()) return true
  return statSync(installedLock).mtimeMs >= statSync(lockFile).mtimeMs
}

/**
 * Ends the process with npm's exit code when npm fails. Everything npm says goes to standard error.
 */
export async function ensureInstalled() {
  if (isInstalled()) return
  // npm ci would follow the link and empty a folder that belongs to another checkout.
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error(`${folder} is a link and its packages are not the ones of package-lock.json`)
    process.exit(1)
  }
  console.error('Installing packages (npm ci) …')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const { code } =
    npm?.endsWith('.js') === true
      ? await run(process.execPath, [npm, ...args], { output: 'stderr' })
      : await run('npm', args, { output: 'stderr' })
  if (code !== 0) {
    console.error(`npm ci ended with exit code ${code}: nothing else can run without the packages`)
    process.exit(code)
  }
  writeFileSync(stamp, digest())
}
