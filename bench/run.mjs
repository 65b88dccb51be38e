/**
 * Speed, beside what else does the same work, in one run: see README.md.
 * node bench/run.mjs [--only engine|mm4|sdet|web|live] [--turns 5] [--json FILE]
 */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import * as engine from './engine.mjs'
import * as mm4 from './mm4.mjs'
import * as sdet from './sdet.mjs'
import * as web from './web.mjs'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    turns: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})

/** The page is measured by a program of its own, which prints for people; here it is asked for JSON. */
const live = {
  async measure() {
    const script = path.join(import.meta.dirname, 'live.mjs')
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--json'])
    console.log(`\nLive view\n${stdout.trim()}`)
    return { figures: [{ figure: 'live', ...JSON.parse(stdout) }], missing: [] }
  },
}

/** @type {Readonly<Record<string, { measure(turns: number): Promise<{ figures: object[], missing: string[] }> }>>} */
const suites = { engine, mm4, sdet, web, live }

const turns = Number(options.turns)
if (!(turns >= 1)) throw new RangeError(`--turns is a number from 1 up, not ${options.turns}`)
if (options.only !== undefined && suites[options.only] === undefined) {
  throw new RangeError(`--only is one of ${Object.keys(suites).join(', ')}, not ${options.only}`)
}

const machine = {
  cpu: os.cpus()[0]?.model ?? 'unknown',
  cores: os.cpus().length,
  node: process.version,
  v8: process.versions.v8,
  loadBefore: os.loadavg()[0] ?? 0,
}
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`)
if (machine.loadBefore > 0.5) {
  console.log(
    `The machine is busy (load ${machine.loadBefore.toFixed(1)}): ratios hold less well than on a quiet one.`,
  )
}

const figures = []
const missing = new Set()
for (const [name, suite] of Object.entries(suites)) {
  if (options.only === undefined ? name === 'live' : options.only !== name) continue
  const result = await suite.measure(turns)
  figures.push(...result.figures)
  for (const reason of result.missing) missing.add(reason)
}
for (const reason of missing) console.log(`\nskipped: ${reason}`)
if (options.json !== undefined) {
  const report = { measured: new Date().toISOString(), machine, missing: [...missing], figures }
  writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
}
