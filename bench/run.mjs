/**
 * Speed, beside what else does the same work, in one run: see README.md.
 * node bench/run.mjs [--only <suite>] [--against <checkout>] [--turns 5] [--json FILE]
 */
import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import * as day from './day.mjs'
import * as engine from './engine.mjs'
import * as exported from './export.mjs'
import * as frames from './frames.mjs'
import { heapSuite } from './heap.mjs'
import * as mm4 from './mm4.mjs'
import { loadSuite } from './model.mjs'
import * as recording from './recording.mjs'
import * as sampler from './sampler.mjs'
import * as tracing from './tracing.mjs'
import * as worst from './worst.mjs'

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    against: { type: 'string' },
    turns: { type: 'string', default: '5' },
    json: { type: 'string' },
  },
})

/**
 * The page is measured by programs of their own, which print for people; here they are asked for
 * JSON.
 * @param {string} name
 */
const pageSuite = (name) => ({
  async measure() {
    const script = path.join(import.meta.dirname, `${name}.mjs`)
    const { stdout } = await promisify(execFile)(process.execPath, [script, '--json'])
    console.log(`\n${name}\n${stdout.trim()}`)
    return { figures: [{ figure: name, ...JSON.parse(stdout) }], missing: [] }
  },
})

/** What can be measured beside another checkout, slice by slice. */
const loads = {
  sdet: loadSuite('sdet'),
  herd: loadSuite('herd'),
  'wake-one': loadSuite('wake-one'),
  proxy: loadSuite('proxy'),
  'proxy-50k': loadSuite('proxy-50k'),
  yield: loadSuite('yield'),
}
/**
 * @type {Readonly<Record<string, { measure(turns: number, against?: string): Promise<{ figures:
 * object[], missing: string[] }> }>>}
 */
const suites = {
  engine,
  mm4,
  ...loads,
  worst,
  day,
  heap: heapSuite('sdet'),
  soak: heapSuite('soak'),
  'soak-again': heapSuite('soak-again'),
  live: pageSuite('live'),
  'self-soak': pageSuite('self-soak'),
  frames,
  export: exported,
  sampler,
  recording,
  tracing,
}

/** Suites that run only when they are named: they need a browser, or minutes. */
const asked = [
  'day',
  'heap',
  'soak',
  'soak-again',
  'live',
  'self-soak',
  'frames',
  'export',
  'sampler',
  'recording',
  'tracing',
]

const against = options.against === undefined ? undefined : path.resolve(options.against)
if (against !== undefined && !existsSync(path.join(against, 'src/sim/index.ts'))) {
  throw new RangeError(`--against is the folder of another checkout, not ${options.against}`)
}

const turns = Number(options.turns)
if (!(turns >= 1)) throw new RangeError(`--turns is a number from 1 up, not ${options.turns}`)
const choice = Object.keys(against === undefined ? suites : loads)
if (options.only !== undefined && !choice.includes(options.only)) {
  throw new RangeError(`--only is one of ${choice.join(', ')}, not ${options.only}`)
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
for (const name of choice) {
  if (options.only === undefined ? asked.includes(name) : options.only !== name) continue
  const suite = suites[name]
  if (suite === undefined) continue
  const result = await suite.measure(turns, against)
  figures.push(...result.figures)
  for (const reason of result.missing) missing.add(reason)
}
for (const reason of missing) console.log(`\nskipped: ${reason}`)
if (options.json !== undefined) {
  const report = { measured: new Date().toISOString(), machine, missing: [...missing], figures }
  writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
}
