/** The profile of any stretch of a trace, to the cycle: what each procedure took of its CPUs. */
import { upTo, type TracePicture } from './trace-picture'
import type { Span } from './trace-view'

export interface StretchRow {
  readonly image: string
  readonly procedure: string
  /** In the stretch, of all CPUs. A charge across its end counts as far as it lies inside. */
  readonly cycles: number
}

export interface StretchProfile {
  /** Most cycles first. */
  readonly rows: readonly StretchRow[]
  /** Of all CPUs, as far as the trace has them. */
  readonly cycles: number
}

/** @param span in cycles, on the clocks of the trace */
export function profileOfStretch({ trace, cpus }: TracePicture, span: Span): StretchProfile {
  const { procedures, procedureOf, columns } = trace
  const spent = new Float64Array(procedures.length)
  for (const { from, record, end } of cpus) {
    for (let at = Math.max(0, upTo(from, span.from) - 1); at < from.length; at++) {
      const begins = from[at]!
      if (begins >= span.to) break
      const to = Math.min(span.to, from[at + 1] ?? end)
      const inside = to - Math.max(span.from, begins)
      if (inside > 0) spent[procedureOf[columns.first[record[at]!]!]!]! += inside
    }
  }
  const rows = [...spent]
    .map((cycles, of) => {
      const { image = '', procedure = '' } = procedures[of] ?? {}
      return { image, procedure, cycles }
    })
    .filter(({ cycles }) => cycles > 0)
    .sort((a, b) => b.cycles - a.cycles)
  return { rows, cycles: spent.reduce((sum, cycles) => sum + cycles, 0) }
}
