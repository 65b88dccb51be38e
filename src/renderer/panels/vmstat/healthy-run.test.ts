import { describe, expect, it } from 'vitest'
import { Vmstat } from '../../../sim/observe/vmstat'
import type { Parameters } from '../../../sim/parameters/parameters'
import { createServer } from '../../../sim/server/simulated-server'
import { inSeconds, instant } from '../../../sim/units/time'
import { findBaseline } from '../../stores/baseline-stretch'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { baselineOf, columns, terminalRows } from './vmstat-rows'
import { tintLevel } from './vmstat-tint'

/** Share of the numbers after the baseline that are tinted, 0–1, in a run as the screen sees it. */
function tintedShare(scenario: string, seconds: number, parameters: Parameters): number {
  const server = createServer({ scenario, seed: 7, parameters })
  if (typeof server === 'string') throw new Error(server)
  const history = new SampleHistory()
  server.onSample = (at) => {
    const row = server.counters.values.slice(0, server.counters.width)
    history.append({
      rows: 1,
      columns: row.length,
      time: Float64Array.of(inSeconds(at)),
      merged: Uint32Array.of(1),
      last: row,
      min: row,
      max: row,
      mean: row,
    })
  }
  server.advance(instant(seconds * 1e9))
  const stretch = findBaseline({
    inRounds: server.counters.column('work.round') !== undefined,
    rounds: (server.work().rounds ?? []).map((round, i) => ({ ...round, number: i + 1 })),
    newest: history.time(history.rows - 1),
    firstAction: Infinity,
  })
  const vmstat = new Vmstat(server.counters.specs)
  const baseline = stretch && baselineOf(history, vmstat, stretch)
  if (!baseline) throw new Error(`${scenario} has no baseline after ${seconds} s`)
  const rows = terminalRows(history, vmstat, history.firstFrom(stretch.to))
  expect(rows.length).toBeGreaterThan(20)
  const tinted = rows.flatMap(({ row }) =>
    columns.filter((column) => tintLevel(baseline, column, row[column]) > 0),
  )
  return tinted.length / (rows.length * columns.length)
}

describe('a run that is well', () => {
  it('is hardly tinted in rounds of SDET', () => {
    // 4 of 1,056 numbers.
    expect(tintedShare('sdet', 90, { 'sdet.scripts': 12 })).toBeLessThan(0.01)
  })

  it('is hardly tinted where there are no rounds', () => {
    // None of 368.
    expect(
      tintedShare('web', 62, { 'httpd.processes': 8, 'load.connections': 0, 'load.rate': 10 }),
    ).toBeLessThan(0.01)
  })
})
