/**
 * A recording of so many days: ten minutes of SDET again and again, whose totals grow on.
 * month-recorded <folder> <days>
 */
import { newRunFile } from '../../src/main/recordings/new-run-file'
import { Recorder } from '../../src/main/recordings/recorder'
import { instant, createServer } from '../../src/sim'

const [, , folder = '', days = '30'] = process.argv
const rows = 600

const server = createServer({ scenario: 'sdet', seed: 1, parameters: {} })
if (typeof server === 'string') throw new Error(server)
const counters = server.counters.specs
const { length: width } = counters
const ten = new Float64Array(rows * width)
for (let row = 0; row < rows; row++) {
  server.advance(instant((row + 1) * 1e9))
  ten.set(server.counters.values.subarray(0, width), row * width)
}
const grows = counters.map(({ kind }, at) =>
  kind === 'monotonic' ? (ten[(rows - 1) * width + at] ?? 0) : 0,
)

const request = { scenario: 'sdet', seed: 1, parameters: {} }
const facts = { scenario: 'sdet', title: 'SDET', summary: '', seed: 1, structures: [], counters }
const machine = { cpus: 4, clockMHz: 450 }
const begun = await Recorder.begin(folder, newRunFile({ facts, request, machine, every: 1 }))
if (!begun.ok) throw new Error(begun.error.message)
const recorder = begun.value
const trace = { firstStack: 0, stacks: [], profile: [], digests: [] }
const repeats = Math.round((Number(days) * 86_400) / rows)
for (let repeat = 0; repeat < repeats; repeat++) {
  const time = Float64Array.from({ length: rows }, (_, row) => repeat * rows + row + 1)
  recorder.take({ rows, time, values: ten, marks: [], rounds: [], trace })
  for (let at = 0; at < ten.length; at++) ten[at]! += grows[at % width] ?? 0
}
recorder.stands({ state: 'ended', reason: '', seconds: repeats * rows, events: 0, digest: '' })
recorder.close()
console.log(JSON.stringify({ rows: repeats * rows, counters: width, bytes: recorder.bytes }))
