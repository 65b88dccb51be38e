/**
 * A month of samples, one a second, in a format: how much memory it takes at most, and how long.
 * export <kind> [days]
 */
import type { ExportKind } from '../../src/shared/api'
import { catalogue } from '../../src/main/api/catalogue'
import { formatOf } from '../../src/main/formats/exports/formats'
import type { Exportable } from '../../src/main/formats/exports/exportable'
import { writeWhole } from '../../src/main/formats/write-file'
import { createServer, instant } from '../../src/sim'

const [, , kind = 'csv', days = '30'] = process.argv
const rows = Number(days) * 86_400

/** Rows as a run has them: totals that grow, levels that move; of real counters, drawn by none. */
function month(): Exportable {
  const server = createServer({ scenario: 'sdet', seed: 1, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(60e9))
  server.refreshCounters()
  const { specs } = server.counters
  const minute = server.counters.values.slice(0, specs.length)
  const values = new Float64Array(specs.length)
  const isTotal = specs.map((spec) => spec.kind === 'monotonic')
  return {
    about: {
      ...{ version: catalogue.version, scenario: 'sdet', title: server.title, seed: 1 },
      ...{ summary: server.summary, digest: server.digest(), changed: {}, actions: [] },
      runSeconds: rows,
    },
    window: undefined,
    counters: specs,
    marks: [],
    rounds: [],
    profile: () => Promise.resolve({ ok: true, value: server.profile() }),
    *samples() {
      for (let time = 1; time <= rows; time++) {
        for (let at = 0; at < values.length; at++) {
          const level = minute[at] ?? 0
          values[at] = Math.floor(isTotal[at] ? (level * time) / 60 : level + ((time * at) % 97))
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
