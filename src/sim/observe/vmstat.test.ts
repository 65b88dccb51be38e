import { describe, expect, it } from 'vitest'
import { CounterRegistry } from './counters'
import {
  formatVmstatRow,
  rowsPerHeader,
  Vmstat,
  vmstatHeader,
  VmstatPrinter,
  type VmstatRow,
} from './vmstat'

const ids = [
  'processes.runnable',
  'processes.blocked',
  'processes.swapped',
  'memory.swapUsed',
  'memory.free',
  'memory.buffers',
  'memory.cached',
  'swap.in',
  'swap.out',
  'blocks.read',
  'blocks.written',
  'interrupts',
  'contextSwitches',
  'cpu.user',
  'cpu.system',
  'cpu.idle',
  'cycles.idle',
  'cycles.wait',
]
const registry = new CounterRegistry()
for (const id of ids) registry.declare({ id, unit: '1', kind: 'gauge', help: '' })

const sample = (values: Readonly<Record<string, number>>): Float64Array =>
  Float64Array.from(ids.map((id) => values[id] ?? 0))

const published: VmstatRow = {
  r: 1,
  b: 0,
  w: 1,
  swpd: 0,
  free: 234456,
  buff: 12128,
  cache: 542360,
  si: 0,
  so: 0,
  bi: 0,
  bo: 32475,
  in: 1044,
  cs: 29,
  us: 0,
  sy: 11,
  id: 89,
  wa: 0,
  st: 0,
  gu: 0,
}

describe('vmstat of procps 2.0', () => {
  const vmstat = new Vmstat(registry.specs)

  it('prints both header lines to the character', () => {
    expect(vmstatHeader('procps-2.0')).toEqual([
      '   procs                      memory    swap          io     system         cpu',
      ' r  b  w   swpd   free   buff  cache  si  so    bi    bo   in    cs  us  sy  id',
    ])
  })

  it('prints the sample line that was published to the character', () => {
    expect(formatVmstatRow(published, 'procps-2.0')).toBe(
      ' 1  0  1      0 234456  12128 542360   0   0     0 32475 1044    29   0  11  89',
    )
  })

  it('lets values that are too wide push the rest of the row, as printf does', () => {
    const wide = { ...published, b: 128, free: 1234567, cs: 123456 }
    expect(formatVmstatRow(wide, 'procps-2.0')).toBe(
      ' 1 128  1      0 1234567  12128 542360   0   0     0 32475 1044 123456   0  11  89',
    )
  })

  it('rounds rates to the nearest whole number, halves up', () => {
    const before = sample({ 'blocks.read': 100 })
    const rate = (blocks: number, seconds: number): number =>
      vmstat.row(before, sample({ 'blocks.read': 100 + blocks }), seconds).bi
    expect([4, 5, 6, 14, 15].map((blocks) => rate(blocks, 10))).toEqual([0, 1, 1, 1, 2])
    expect([1, 2, 4, 5].map((blocks) => rate(blocks, 3))).toEqual([0, 1, 1, 2])
    expect(rate(7, 1)).toBe(7)
  })

  it('rounds percentages of the jiffies that passed, so that they need not add up to 100', () => {
    const row = vmstat.row(
      sample({ 'cpu.user': 10, 'cpu.system': 10, 'cpu.idle': 10 }),
      sample({ 'cpu.user': 11, 'cpu.system': 11, 'cpu.idle': 16 }),
      1,
    )
    expect([row.us, row.sy, row.id]).toEqual([13, 13, 75])
  })

  it('shows levels as they are now and totals as rates', () => {
    const row = vmstat.row(
      sample({
        'swap.in': 4,
        'swap.out': 8,
        'blocks.written': 10,
        interrupts: 1000,
        contextSwitches: 50,
      }),
      sample({
        'processes.runnable': 3,
        'processes.blocked': 2,
        'processes.swapped': 1,
        'memory.swapUsed': 64,
        'memory.free': 9000.9,
        'memory.buffers': 800,
        'memory.cached': 70,
        'swap.in': 24,
        'swap.out': 48,
        'blocks.written': 30,
        interrupts: 3000,
        contextSwitches: 450,
        'cpu.user': 300,
        'cpu.system': 90,
        'cpu.idle': 10,
      }),
      2,
    )
    expect(formatVmstatRow(row, 'procps-2.0')).toBe(
      ' 3  2  1     64   9000    800     70  10  20     0    10 1000   200  75  23   3',
    )
  })

  it('starts with averages since boot, rates divided by the jiffies of all processors', () => {
    const fourCpusAfter10s = sample({
      'blocks.read': 4000,
      interrupts: 10_000,
      'cpu.user': 3000,
      'cpu.idle': 1000,
    })
    const row = vmstat.sinceBoot(fourCpusAfter10s, 10)
    expect([row.bi, row.in, row.us, row.sy, row.id]).toEqual([100, 250, 75, 0, 25])
  })

  it('takes the ticks of an Alpha for 1,024 a second', () => {
    const after10s = sample({ interrupts: 20_000, 'cpu.user': 2560, 'cpu.idle': 7680 })
    const row = vmstat.sinceBoot(after10s, 10)
    expect([row.in, row.us, row.id]).toEqual([2000, 25, 75])
  })

  it('calls an interval without a tick idle', () => {
    const nothing = sample({})
    expect(vmstat.row(nothing, nothing, 1).id).toBe(100)
    expect(vmstat.sinceBoot(nothing, 0).id).toBe(100)
  })

  it('refuses an interval of zero and counters that lack a column', () => {
    expect(() => vmstat.row(sample({}), sample({}), 0)).toThrow('above 0 s, not 0')
    expect(() => new Vmstat(registry.specs.slice(1))).toThrow('processes.runnable')
  })

  it('keeps fractions in means', () => {
    const levels = sample({ 'processes.runnable': 2.5 })
    const means = vmstat.means(
      sample({}),
      sample({ interrupts: 15, 'cpu.user': 1, 'cpu.idle': 7 }),
      10,
      levels,
    )
    expect([means.r, means.in, means.us, means.id]).toEqual([2.5, 1.5, 12.5, 87.5])
  })
})

describe('vmstat of procps-ng', () => {
  const vmstat = new Vmstat(registry.specs, 'procps-ng')

  it('prints today’s header lines to the character', () => {
    expect(vmstatHeader('procps-ng')).toEqual([
      'procs -----------memory---------- ---swap-- -----io---- -system-- -------cpu-------',
      ' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st gu',
    ])
  })

  it('takes lost places back after a value that is too wide', () => {
    const row = { ...published, free: 12345678, bo: 12 }
    expect(formatVmstatRow(row, 'procps-ng')).toBe(
      ' 1  0      0 12345678 12128 542360   0    0     0    12 1044   29  0 11 89  0  0  0',
    )
  })

  it('splits idle time by what the processors waited for', () => {
    const row = vmstat.row(
      sample({}),
      sample({ 'cpu.user': 20, 'cpu.idle': 80, 'cycles.idle': 100, 'cycles.wait': 300 }),
      1,
    )
    expect([row.us, row.id, row.wa]).toEqual([20, 20, 60])
  })

  it('divides totals by the uptime in its first row', () => {
    const row = vmstat.sinceBoot(sample({ 'blocks.read': 4009, 'cpu.user': 4000 }), 10)
    expect(row.bi).toBe(400)
  })
})

describe('header repetition', () => {
  const headers = (headerOnce: boolean): number[] => {
    const printer = new VmstatPrinter('procps-2.0', headerOnce)
    const rowsBefore: number[] = []
    for (let row = 0; row < 60; row++) {
      if (printer.print(published).length === 3) rowsBefore.push(row)
    }
    return rowsBefore
  }
  it('comes every 22 rows', () => {
    expect(headers(false)).toEqual([0, rowsPerHeader, 2 * rowsPerHeader])
  })
  it('comes once with -n', () => {
    expect(headers(true)).toEqual([0])
  })
})
