/**
 * A month of samples, one a second, in a format: how much memory it takes at most, and how long.
 * export <kind> [days]
 */
import type { ExportKind } from '../../src/shared/api'
import { formatOf } from '../../src/main/formats/exports/formats'
import type { Exportable } from '../../src/main/formats/exports/exportable'
import { writeWhole } from '../../src/main/formats/write-file'
import { failure } from '../../src/shared/result'
import type { CounterSpec } from '../../src/sim'

const [, , kind = 'csv', days = '30'] = process.argv
const rows = Number(days) * 86_400

/** As many as a run of SDET has. No server is made: its memory would be counted too. */
const counters = Array.from({ length: 180 }, (_, at): CounterSpec => ({
  id: `counter.${at}`,
  unit: '1',
  kind: at % 4 === 0 ? 'gauge' : 'monotonic',
  help: 'Of nothing.',
}))

/** Rows as a run has them: totals that grow, levels that move. */
function month(): Exportable {
  const values = new Float64Array(counters.length)
  return {
    about: {
      version: '0',
      scenario: 'sdet',
      title: 'SDET',
      summary: '',
      seed: 1,
      digest: '',
      changed: {},
      actions: [],
      runSeconds: rows,
    },
    window: undefined,
    counters,
    marks: [],
    rounds: [],
    profile: () => Promise.resolve(failure('refused', 'these are samples alone')),
    *samples() {
      for (let time = 1; time <= rows; time++) {
        for (let at = 0; at < values.length; at++) {
          values[at] = at % 4 === 0 ? (time * at) % 9973 : time * at * 1000
        }
        yield { time, samples: 1, values }
      }
    },
  }
}

const before = process.cpuUsage()
const written = await writeWhole('/dev/null', formatOf(kind as ExportKind).write(month()))
const { user, system } = process.cpuUsage(before)
if (!written.ok) throw new Error(written.error.message)
console.log(
  JSON.stringify({
    kind,
    rows,
    bytes: written.value,
    cpuSeconds: (user + system) / 1e6,
    peakMB: process.resourceUsage().maxRSS / 1024,
  }),
)
