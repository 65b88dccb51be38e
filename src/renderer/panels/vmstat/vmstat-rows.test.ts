import { describe, expect, it } from 'vitest'
import { Vmstat } from '../../../sim/observe/vmstat'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { baselineOf, cellsOf, copyText, headerLines, lineOf, terminalRows } from './vmstat-rows'

const ids = [
  ...['processes.runnable', 'processes.blocked', 'processes.swapped', 'memory.swapUsed'],
  ...['memory.free', 'memory.buffers', 'memory.cached', 'swap.in', 'swap.out', 'blocks.read'],
  ...['blocks.written', 'interrupts', 'contextSwitches', 'cpu.user', 'cpu.system', 'cpu.idle'],
  ...['cycles.idle', 'cycles.wait'],
]
const vmstat = new Vmstat(ids.map((id) => ({ id, unit: '1', kind: 'gauge', help: '' })))

/** A machine on which `blocked` processes wait and 30 blocks a second are read. */
function historyOf(seconds: number, blocked: (t: number) => number): SampleHistory {
  const history = new SampleHistory()
  for (let t = 1; t <= seconds; t++) {
    const values: Record<string, number> = {
      'processes.blocked': blocked(t),
      'blocks.read': 30 * t,
      'cpu.user': 400 * t,
    }
    const row = Float64Array.from(ids.map((id) => values[id] ?? 0))
    history.append({
      rows: 1,
      columns: ids.length,
      time: Float64Array.of(t),
      merged: Uint32Array.of(1),
      last: row,
      min: row,
      max: row,
      mean: row,
    })
  }
  return history
}

describe('rows of the vmstat terminal', () => {
  it('are one for each sample, each against the sample before', () => {
    const rows = terminalRows(
      historyOf(5, (t) => t),
      vmstat,
      0,
    )
    expect(rows.map(({ at }) => at)).toEqual([1, 2, 3, 4, 5])
    expect(rows.map(({ row }) => row.b)).toEqual([1, 2, 3, 4, 5])
    expect(rows.slice(1).map(({ row }) => row.bi)).toEqual([30, 30, 30, 30])
  })

  it('go on where the terminal stopped as if it had never stopped', () => {
    const history = historyOf(9, (t) => t)
    const all = terminalRows(history, vmstat, 0)
    expect([...terminalRows(history, vmstat, 0, 4), ...terminalRows(history, vmstat, 4)]).toEqual(
      all,
    )
  })

  it('cut into cells are still the line that vmstat prints', () => {
    const [row] = terminalRows(
      historyOf(2, () => 128),
      vmstat,
      1,
    )
    if (!row) throw new Error('no row')
    const line = lineOf(row.row)
    expect(cellsOf(line)).toHaveLength(16)
    expect(cellsOf(line).join('')).toBe(line)
    expect(cellsOf(headerLines[0])).toHaveLength(6)
  })

  it('copy as text with both header lines', () => {
    const text = copyText(
      terminalRows(
        historyOf(2, () => 3),
        vmstat,
        1,
      ),
    )
    expect(text.split('\n')).toEqual([
      '   procs                      memory    swap          io     system         cpu',
      ' r  b  w   swpd   free   buff  cache  si  so    bi    bo   in    cs  us  sy  id',
      ' 0  3  0      0      0      0      0   0   0    30     0    0     0 100   0   0',
      '',
    ])
  })

  it('are measured against a stretch of the run', () => {
    const history = historyOf(100, (t) => (t <= 50 ? 6 : 90))
    const baseline = baselineOf(history, vmstat, { from: 10, to: 40 })
    expect(baseline?.mean.b).toBe(6)
    expect(baseline?.mean.bi).toBe(30)
    expect(baselineOf(history, vmstat, { from: 200, to: 260 })).toBeUndefined()
  })
})
