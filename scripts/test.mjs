/**
 * `npm test`: sets up everything, runs every check and every test, and ends with one line, `N
 * passed, N failed, N skipped`, over all of them: each check, unit test and end-to-end spec is one.
 * `node scripts/test.mjs [stages]` runs some of: build format lint types unit soak e2e.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { build } from './build.mjs'
import { runEndToEnd } from './e2e.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, runTool } from './pinned.mjs'
import { chromiumBinary, ensureGo, ensureSystemPackages } from './setup.mjs'
import { root, run } from './spawn.mjs'

const total = { passed: 0, failed: 0, skipped: 0 }
const asked = process.argv.slice(2)
const wants = (/** @type {string} */ stage) => asked.length === 0 || asked.includes(stage)
/** Unit tests run beside checks. */
const output = asked.length === 0 ? 'lines' : 'show'

/**
 * A check passes or fails as one; what it printed is shown when it fails.
 * @param {string} name
 * @param {Promise<{ code: number, output: string, seconds: number }>} running
 */
async function check(name, running) {
  const { code, output, seconds } = await running
  const ok = code === 0
  if (!ok) console.log(output.trimEnd())
  console.log(`${ok ? 'passed' : 'FAILED'}  ${name} (${seconds.toFixed(1)} s)`)
  total[ok ? 'passed' : 'failed'] += 1
}

/** Scripts of package.json, so that a check is the same by hand and here. */
const script = (/** @type {string} */ name) => {
  /** @type {string} */
  const line = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).scripts[name]
  const [, ...args] = line.split(' ')
  return run(pinnedNode(), args, { output: 'collect' })
}

async function checkStyle() {
  if (wants('format')) await check('format', script('format:check'))
  if (wants('lint')) await check('lint', script('lint'))
}

async function unitTests() {
  const report = path.join(root, 'node_modules/.cache/soakscope/unit.json')
  mkdirSync(path.dirname(report), { recursive: true })
  rmSync(report, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await runTool('vitest', ['run', ...reporters], { output })
  let failed = 0
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    total.passed += result.numPassedTests
    failed = result.numFailedTests
    total.skipped += result.numPendingTests + result.numTodoTests
  } catch (error) {
    console.log(`vitest left no report: ${error}`)
  }
  // A file that cannot even be loaded has no tests to fail.
  total.failed += code !== 0 && failed === 0 ? 1 : failed
}

/** Two minutes of the page against a live run. */
async function soak() {
  const chromium = chromiumBinary()
  if (chromium === undefined) {
    console.log('skipped  soak: no Chromium was found')
    total.skipped += 1
    return
  }
  const env = { ...process.env, SOAKSCOPE_CHROMIUM: chromium }
  const args = [path.join(root, 'bench/self-soak.mjs'), '--check']
  await check('soak', run(pinnedNode(), args, { output: 'collect', env }))
}

async function endToEnd() {
  const { passed, failed, skipped } = await runEndToEnd([], output)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

await ensureInstalled()
if (wants('unit')) await ensureGo()
if (wants('e2e') || wants('soak')) await ensureSystemPackages()
if (wants('build') || wants('e2e') || wants('soak')) await check('build', build('collect'))

/** What needs no window. */
async function checkSources() {
  if (wants('types')) await check('types', script('typecheck'))
  if (wants('unit')) await unitTests()
}
/** Lint has one core at most, the soak less. */
async function checkStyleAndPage() {
  await checkStyle()
  if (wants('soak')) await soak()
}
await Promise.all([checkSources(), checkStyleAndPage()])
// Windows keep two cores busy by themselves, and draw for longer where they have to wait for one.
if (wants('e2e')) await endToEnd()
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed === 0 ? 0 : 1
