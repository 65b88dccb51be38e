/**
 * The end-to-end specs, against Electron and against the web shell in Chromium, each where it can
 * run. `node scripts/e2e.mjs [playwright arguments]`
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ensureBuilt } from './build.mjs'
import { electronBinary, electronFlags } from './electron.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, toolFile } from './pinned.mjs'
import { chromiumBinary, ensureSystemPackages, virtualDisplay } from './setup.mjs'
import { root, run } from './spawn.mjs'

const cache = path.join(root, 'node_modules/.cache/soakscope')

/** Why a shell cannot be tested on this machine, or undefined when it can. */
const whyNot = {
  electron() {
    if (electronBinary() === undefined)
      return 'Electron has not been downloaded (npm start does it) and ELECTRON_OVERRIDE_DIST_PATH names none'
    if (process.platform === 'linux' && virtualDisplay() === undefined && !process.env.DISPLAY)
      return 'there is neither Xvfb nor a display'
    return undefined
  },
  web: () => (chromiumBinary() === undefined ? 'no Chromium was found' : undefined),
}
const shells = /** @type {const} */ (['electron', 'web'])

/**
 * Runs Playwright and counts.
 * @param {readonly string[]} args
 * @param {'show' | 'lines' | 'collect'} output
 */
async function playwright(args, output) {
  mkdirSync(cache, { recursive: true })
  const report = path.join(cache, 'e2e.json')
  rmSync(report, { force: true })
  const env = {
    ...process.env,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
    SOAKSCOPE_CHROMIUM: chromiumBinary() ?? '',
    SOAKSCOPE_ELECTRON_FLAGS: electronFlags.join(' '),
    SOAKSCOPE_XVFB: virtualDisplay() ?? '',
  }
  const command = [toolFile('@playwright/test'), 'test', '--reporter=list,json', ...args]
  const { code } = await run(pinnedNode(), command, { output, env, group: true })
  try {
    const { stats, errors } = JSON.parse(readFileSync(report, 'utf8'))
    return { code, stats, errors: errors.length }
  } catch {
    return { code, stats: undefined, errors: 1 }
  }
}

/**
 * @param {readonly string[]} args further arguments for Playwright
 * @param {'show' | 'lines'} output
 * @returns {Promise<{ passed: number, failed: number, skipped: number }>}
 */
export async function runEndToEnd(args = [], output = 'show') {
  const able = shells.filter((shell) => whyNot[shell]() === undefined)
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const shell of shells.filter((one) => !able.includes(one))) {
    console.log(`The specs against the ${shell} shell are skipped: ${whyNot[shell]()}`)
    const listed = await playwright(['--list', `--project=${shell}`, ...args], 'collect')
    count.skipped += (listed.stats?.expected ?? 0) + (listed.stats?.skipped ?? 0)
  }
  if (able.length === 0) return count
  const { code, stats, errors } = await playwright(
    [...able.map((shell) => `--project=${shell}`), ...args],
    output,
  )
  count.passed += (stats?.expected ?? 0) + (stats?.flaky ?? 0)
  if (stats?.flaky > 0) console.log(`${stats.flaky} specs passed only when they were tried again`)
  count.failed += (stats?.unexpected ?? 0) + errors
  count.skipped += stats?.skipped ?? 0
  if (code !== 0 && count.failed === 0) count.failed = 1
  return count
}

if (process.argv[1] === import.meta.filename) {
  await ensureInstalled()
  await ensureSystemPackages()
  await ensureBuilt()
  const { failed } = await runEndToEnd(process.argv.slice(2))
  if (failed > 0) process.exitCode = 1
}
