/**
 * The rows of a recording's profile. Where few pairs of a stack and a CPU run in an interval, they
 * are exact. Where many do, each has its cycles in steps of at most 100 µs, and what a step leaves
 * over goes to the next interval, or to the end's rows: so the profile of any window, however long,
 * is that of the run within one step for each pair, and that of the whole run is exact.
 */
import { addDifferences } from '../runs/packed-differences'
import type { ProfileInterval } from '../runs/run-tracer'

/** Rows of an interval that are exact: at 17 bits a row, 18 MB a simulated day. */
const exactRows = 1000
/** Microseconds of a step, at most. */
const stepMicroseconds = 100
/** Most cycles in a row. */
const cyclesMax = 2 ** 32 - 1

export type AddRow = (row: readonly number[]) => void

export class ProfileRows {
  /** Cycles of a step: a power of two, whose lowest bits of a number are not there to be stored. */
  private readonly step: number
  private readonly mostInRow: number
  /** Cycles by CPU and stack that came and are in no row yet. */
  private readonly left: Float64Array[]
  private last: { readonly from: number; readonly to: number } = { from: 0, to: 0 }

  constructor(
    private readonly cpus: number,
    clockMHz: number,
    private readonly add: AddRow,
  ) {
    this.step = 2 ** Math.max(0, Math.floor(Math.log2(stepMicroseconds * clockMHz)))
    this.mostInRow = cyclesMax - (cyclesMax % this.step)
    this.left = Array.from({ length: cpus }, () => new Float64Array(0))
  }

  take({ from, to, nodes, packed }: ProfileInterval): void {
    const { cpus, left, mostInRow } = this
    this.last = { from, to }
    const sums = Array.from({ length: 2 * cpus + 1 }, () => new Float64Array(nodes))
    addDifferences(packed, sums)
    const step = rowsOf(sums.slice(0, cpus)) > exactRows ? this.step : 1
    for (let cpu = 0; cpu < cpus; cpu++) {
      left[cpu] = withRoom(left[cpu] ?? new Float64Array(0), nodes)
    }
    for (let node = 0; node < nodes; node++) {
      let sampling = sums[2 * cpus]?.[node] ?? 0
      for (let cpu = 0; cpu < cpus; cpu++) {
        const came = sums[cpu]?.[node] ?? 0
        const samples = sums[cpus + cpu]?.[node] ?? 0
        const before = left[cpu]!
        const due = came + (before[node] ?? 0)
        let cycles = came === 0 ? 0 : Math.floor(due / step) * step
        before[node] = due - cycles
        if (cycles === 0 && samples === 0) continue
        // What 32 bits do not hold, ten seconds of an idle CPU say, is in several rows.
        for (; cycles > mostInRow; cycles -= mostInRow) {
          this.add([to, from, node, cpu, mostInRow, 0, 0])
        }
        this.add([to, from, node, cpu, cycles, samples, sampling])
        // It is of all CPUs together, and stands in the first row of its stack.
        sampling = 0
      }
    }
  }

  /** What is in no row yet, as rows of the last interval. */
  finish(): void {
    const { from, to } = this.last
    this.left.forEach((column, cpu) => {
      column.forEach((cycles, node) => {
        if (cycles > 0) this.add([to, from, node, cpu, cycles, 0, 0])
      })
      column.fill(0)
    })
  }
}

const rowsOf = (columns: readonly Float64Array[]): number =>
  columns.reduce((sum, column) => sum + column.reduce((n, value) => n + (value > 0 ? 1 : 0), 0), 0)

/** The same numbers, and zeros for what has come since. */
function withRoom(column: Float64Array, length: number): Float64Array {
  if (column.length >= length) return column
  const larger = new Float64Array(Math.max(length, 2 * column.length))
  larger.set(column)
  return larger
}
