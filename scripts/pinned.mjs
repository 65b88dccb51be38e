/**
 * The Node that package.json pins, and the tools in node_modules run with it, whatever Node the
 * machine has. `node scripts/pinned.mjs <package or ./file> [arguments]`
 */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ensureInstalled } from './install.mjs'
import { root, run } from './spawn.mjs'

/** The pinned Node's binary, or this very Node where the package has none for the platform. */
export function pinnedNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const file = path.join(root, 'node_modules/node/bin', name)
  return existsSync(file) ? file : process.execPath
}

/**
 * The file that a package's command runs: the one of the same name, else its first.
 * @param {string} name
 */
export function toolFile(name) {
  if (name.startsWith('./')) return path.join(root, name)
  const folder = path.join(root, 'node_modules', name)
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return path.join(folder, typeof bin === 'string' ? bin : (bin[name] ?? Object.values(bin)[0]))
}

/**
 * @param {string} name a package, or a file of ours as ./path
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export const runTool = (name, args, options) =>
  run(pinnedNode(), [toolFile(name), ...args], options)

if (process.argv[1] === import.meta.filename) {
  const [name, ...args] = process.argv.slice(2)
  if (name === undefined) throw new Error('usage: node scripts/pinned.mjs <package or ./file> …')
  await ensureInstalled()
  const { code } = await runTool(name, args)
  process.exitCode = code
}
