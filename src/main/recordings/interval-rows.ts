/**
 * Rows of a recording's profile, straight from what was packed of an interval into typed columns:
 * thousands of them in ten seconds of SDET, so that none is an object.
 */
import { addDifferences } from '../runs/packed-differences'
import type { ProfileInterval } from '../runs/run-tracer'
import type { RowColumns } from './arrow/columns'

/** Most cycles in a row. */
const cyclesMax = 2 ** 32 - 1

export class IntervalRows {
  /** By CPU cycles, then samples, then what the sampler could see. */
  private sums: Float64Array[] = []
  private nodes = 0
  /** Nodes of which there are rows, each with its CPU, in order. */
  private cells = new Uint32Array(0)
  private seconds = { from: 0, to: 0 }
  private count = 0

  constructor(private readonly cpus: number) {}

  /** Takes an interval in. @returns how many rows it has */
  take({ from, to, nodes, packed }: ProfileInterval): number {
    const { cpus } = this
    this.widen(nodes)
    for (const sum of this.sums) sum.fill(0, 0, nodes)
    addDifferences(packed, this.sums)
    this.seconds = { from, to }
    this.count = 0
    let rows = 0
    for (let node = 0; node < nodes; node++) {
      for (let cpu = 0; cpu < cpus; cpu++) {
        const cycles = this.sums[cpu]![node]!
        const samples = this.sums[cpus + cpu]![node]!
        if (cycles === 0 && samples === 0) continue
        this.cells[this.count++] = node * cpus + cpu
        rows += rowsFor(cycles)
      }
    }
    return rows
  }

  /** Writes its rows, in the order of their stacks, from a row of the columns of a log on. */
  write(columns: RowColumns, first: number): void {
    const [ends, begins, stacks, cpuOf, cycles, samples, whileSampling] =
      columns as readonly Float64Array[]
    if (!ends || !begins || !stacks || !cpuOf || !cycles || !samples || !whileSampling) return
    const { cpus, sums, cells, count } = this
    const { from, to } = this.seconds
    const sampling = sums[2 * cpus]!
    let row = first
    let told = -1
    for (let i = 0; i < count; i++) {
      const cell = cells[i]!
      const cpu = cell % cpus
      const node = (cell - cpu) / cpus
      let left = sums[cpu]![node]!
      // What 32 bits do not hold, ten seconds of an idle CPU say, is in several rows.
      for (let more = rowsFor(left); more > 0; more--) {
        const isLast = more === 1
        ends[row] = to
        begins[row] = from
        stacks[row] = node
        cpuOf[row] = cpu
        cycles[row] = isLast ? left : cyclesMax
        samples[row] = isLast ? sums[cpus + cpu]![node]! : 0
        // It is of all CPUs together, and stands in the first whole row of its stack.
        whileSampling[row] = isLast && node !== told ? sampling[node]! : 0
        left -= cyclesMax
        row++
      }
      told = node
    }
  }

  private widen(nodes: number): void {
    if (nodes <= this.nodes) return
    this.nodes = 2 * nodes
    this.sums = Array.from({ length: 2 * this.cpus + 1 }, () => new Float64Array(this.nodes))
    this.cells = new Uint32Array(this.nodes * this.cpus)
  }
}

const rowsFor = (cycles: number): number => Math.max(1, Math.ceil(cycles / cyclesMax))
