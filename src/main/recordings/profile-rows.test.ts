import { describe, expect, it } from 'vitest'
import { randomOf } from '../formats/reading/mutate.test-support'
import { packDifferences } from '../runs/packed-differences'
import { ProfileRows } from './profile-rows'

const cpus = 2
const clockMHz = 400
/** The largest power of two that is no more than 100 µs at 400 MHz. */
const step = 32_768

type Cells = readonly Float64Array[]
const cellsOf = (nodes: number, of: () => number): Cells =>
  Array.from({ length: cpus }, () => Float64Array.from({ length: nodes }, of))

/** What each pair has in rows up to an interval's end, and all the rows. */
function recorded(intervals: readonly Cells[], finished = false) {
  const rows: (readonly number[])[] = []
  const made = new ProfileRows(cpus, clockMHz, (row) => rows.push(row))
  intervals.forEach((cells, i) => {
    const nodes = cells[0]?.length ?? 0
    const none = Array.from({ length: cpus + 1 }, () => new Float64Array(nodes))
    const packed = packDifferences([...cells, ...none], [], nodes)
    made.take({ from: 10 * i, to: 10 * i + 10, nodes, packed })
  })
  if (finished) made.finish()
  return rows
}

/** Cycles of each pair of a node and a CPU in some intervals, as they came or as rows have them. */
function totals(intervals: readonly Cells[], first: number, last: number): Map<number, number> {
  const sums = new Map<number, number>()
  for (const cells of intervals.slice(first, last)) {
    cells.forEach((column, cpu) =>
      column.forEach((cycles, node) => {
        const key = node * cpus + cpu
        sums.set(key, (sums.get(key) ?? 0) + cycles)
      }),
    )
  }
  return sums
}
function totalsOfRows(rows: readonly (readonly number[])[], first: number, last: number) {
  const sums = new Map<number, number>()
  for (const [to = 0, , node = 0, cpu = 0, cycles = 0] of rows) {
    if (to <= 10 * first || to > 10 * last) continue
    const key = node * cpus + cpu
    sums.set(key, (sums.get(key) ?? 0) + cycles)
  }
  return sums
}

/** By how much the rows of a window are off, at the pair where they are most. */
function furthestOff(intervals: readonly Cells[], first: number, last: number): number {
  const [came, have] = [
    totals(intervals, first, last),
    totalsOfRows(recorded(intervals), first, last),
  ]
  return Math.max(...[...came].map(([key, cycles]) => Math.abs(cycles - (have.get(key) ?? 0))))
}

describe('the rows of a profile', () => {
  const random = randomOf(3)
  /** From nothing at all up to seconds of a CPU. */
  const some = (): number => Math.floor(2 ** (33 * random())) - 1

  it('are exact where few stacks run, longer than 32 bits hold too', () => {
    const intervals = Array.from({ length: 20 }, () => cellsOf(50, some))
    for (const [first, last] of [[0, 20] as const, [3, 4] as const]) {
      expect(furthestOff(intervals, first, last)).toBe(0)
    }
    expect(recorded(intervals).every(([, , , , cycles = 0]) => cycles < 2 ** 32)).toBe(true)
  })

  it('are within one step of the run in any window where many do', () => {
    const intervals = Array.from({ length: 30 }, () => cellsOf(900, some))
    const rows = recorded(intervals)
    expect(rows.every(([, , , , cycles = 0]) => cycles % step === 0 && cycles < 2 ** 32)).toBe(true)
    for (const [first, last] of [
      [0, 1],
      [7, 8],
      [11, 19],
      [0, 30],
    ] as const) {
      const off = furthestOff(intervals, first, last)
      expect(off).toBeGreaterThan(0)
      expect(off).toBeLessThanOrEqual(step)
    }
  })

  it('are the run to the cycle at its end', () => {
    const intervals = Array.from({ length: 7 }, () => cellsOf(900, some))
    const came = totals(intervals, 0, 7)
    const have = totalsOfRows(recorded(intervals, true), 0, 7)
    for (const [key, cycles] of came) expect(have.get(key) ?? 0).toBe(cycles)
  })

  it('give back what steps left over once few stacks run again', () => {
    const wide = Array.from({ length: 5 }, () => cellsOf(900, some))
    const narrow = cellsOf(900, () => 0)
    for (const column of narrow) column.fill(step, 0, 20)
    const intervals = [...wide, narrow]
    const [came, have] = [totals(intervals, 0, 6), totalsOfRows(recorded(intervals), 0, 6)]
    for (let key = 0; key < 20 * cpus; key++) expect(have.get(key)).toBe(came.get(key))
  })
})
