/**
 * A recording as long as told, out of one that is short: its samples again and again, totals going
 * on. Only what ranges are read from is in it. long-recording <recording> <new folder> <hours>
 */
import { newRunFile } from '../../src/main/recordings/new-run-file'
import { Recorder } from '../../src/main/recordings/recorder'
import { Recording } from '../../src/main/recordings/recording'

const [, , from = '', to = '', hours = '720'] = process.argv

const opened = await Recording.open(from)
if (!opened.ok) throw new Error(opened.error.message)
const { run, facts } = opened.value
const rows = [...opened.value.rows()]
const request = { scenario: run.scenario, seed: run.seed, parameters: run.parameters }
const { machine, every, counters } = run
const begun = await Recorder.begin(to, newRunFile({ facts, request, machine, every }))
if (!begun.ok) throw new Error(begun.error.message)
const recorder = begun.value

const last = rows.at(-1)
if (!last) throw new Error('there is no sample in it')
const width = counters.length
const trace = { firstStack: 0, stacks: [], profile: [], digests: [] }
const piece = 600
for (let again = 0; again * last.time < Number(hours) * 3600; again++) {
  for (let first = 0; first < rows.length; first += piece) {
    const some = rows.slice(first, first + piece)
    const time = Float64Array.from(some, (row) => row.time + again * last.time)
    const values = new Float64Array(some.length * width)
    some.forEach((row, i) =>
      counters.forEach(({ kind }, c) => {
        const before = kind === 'monotonic' ? again * (last.values[c] ?? 0) : 0
        values[i * width + c] = (row.values[c] ?? 0) + before
      }),
    )
    recorder.take({ rows: some.length, time, values, marks: [], rounds: [], trace })
  }
}
recorder.close()
