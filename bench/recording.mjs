/**
 * Recordings: their size, what writing them costs, what reading them takes, and whether a program
 * that is killed at random loses more than its last batch. Scenario and simulated minutes are
 * SOAKSCOPE_BENCH_SCENARIO and _MINUTES, kills are _KILLS.
 */
import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { ours, root } from './programs.mjs'

const scenario = process.env['SOAKSCOPE_BENCH_SCENARIO'] ?? 'web'
const minutes = Number(process.env['SOAKSCOPE_BENCH_MINUTES'] ?? 60)
const kills = Number(process.env['SOAKSCOPE_BENCH_KILLS'] ?? 20)
const killSeconds = 120

const cli = path.join(root, 'out/main/cli.js')
/** @param {readonly string[]} args */
const soakscope = async (args) =>
  (await promisify(execFile)(process.execPath, [cli, ...args], { maxBuffer: 1 << 26 })).stdout
/** Says at its end what CPU time the process took. */
const cpuAtExit =
  'data:text/javascript,process.once("exit",()=>{const{user,system}=process.cpuUsage();' +
  'process.stderr.write("cpu "+(user+system)/1e6)})'

/**
 * CPU seconds of a run.
 * @param {readonly string[]} args
 */
function cpuOf(args) {
  const { stderr } = spawnSync(process.execPath, ['--import', cpuAtExit, cli, ...args])
  return Number(/cpu ([\d.]+)$/.exec(stderr.toString())?.[1])
}

export async function measure() {
  await ensureBuilt()
  const folder = mkdtempSync(path.join(os.tmpdir(), 'soakscope-bench-'))
  try {
    console.log(`\nRecordings, ${scenario}`)
    const size = await sizeAndReading(path.join(folder, 'long'))
    const cost = costOfWriting(folder)
    const lost = await killed(folder)
    return {
      figures: [{ figure: 'recording', scenario, minutes, ...size, cost, ...lost }],
      missing: [],
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} at */
async function sizeAndReading(at) {
  await soakscope(['run', scenario, '--for', `${minutes}m`, '--record', at])
  const [node = '', ...program] = (await ours('recording')).command
  const { stdout } = await promisify(execFile)(node, [...program, at])
  const read = JSON.parse(stdout)
  for (const [log, bytes] of Object.entries(read.bytes)) {
    const day = ((Number(bytes) / read.seconds) * 86_400) / 1e6
    console.log(`  ${log.padEnd(10)} ${day.toFixed(1).padStart(6)} MB a simulated day`)
  }
  console.log(
    `  reading: open ${read.openMs.toFixed(0)} ms, an hour ${read.hourMs.toFixed(0)} ms, ` +
      `all ${read.wholeMs.toFixed(0)} ms of CPU`,
  )
  return read
}

/** @param {string} folder */
function costOfWriting(folder) {
  const args = ['run', scenario, '--for', '240s']
  let [plain, recorded] = [0, 0]
  for (let turn = 0; turn < 3; turn++) {
    plain += cpuOf(args)
    recorded += cpuOf([...args, '--record', path.join(folder, `cost-${turn}`)])
  }
  const cost = recorded / plain - 1
  console.log(`  writing costs ${(100 * cost).toFixed(1)} % of the run's CPU time`)
  return cost
}

/** @param {string} folder */
async function killed(folder) {
  const plan = ['run', scenario, '--for', `${killSeconds}s`]
  const whole = JSON.parse(await soakscope([...plan, '--json', '-'])).digest
  // The same moments with every run of the bench.
  let state = 20_261_127
  let equal = 0
  let cut = 0
  for (let kill = 0; kill < kills; kill++) {
    const at = path.join(folder, `kill-${kill}`)
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const child = spawn(process.execPath, [cli, ...plan, '--record', at], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    const timer = setTimeout(() => child.kill('SIGKILL'), 1500 + (state / 2 ** 32) * 6000)
    await ended
    clearTimeout(timer)
    const before = await soakscope(['recording', at, '--json']).then(JSON.parse, () => undefined)
    if (!before) continue
    if (before.state === 'cut off') cut++
    // It knows itself how far it was to go.
    const again = await soakscope(['continue', at, '--json', '-'])
    if (JSON.parse(again).digest === whole) equal++
    else console.log(`  kill ${kill}: another digest`)
    rmSync(at, { recursive: true, force: true })
  }
  console.log(
    `  of ${kills} runs, ${cut} were cut off by a kill; ${equal} were continued to the same digest`,
  )
  return { kills, cut, equal }
}
