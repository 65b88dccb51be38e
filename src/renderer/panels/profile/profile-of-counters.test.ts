import { describe, expect, it } from 'vitest'
import { SampleHistory } from '../../../shared/charts/sample-history'
import { functionCounters } from '../../../shared/charts/function-counters'
import { profileOfCounters } from './profile-of-counters'

const counters = functionCounters(
  ['function.vmlinux.schedule', 'function./usr/lib/cc1.main'].map((id) => ({
    id,
    unit: 'cycles',
    kind: 'monotonic',
    help: '',
  })),
)
/** At each tenth second up to 100, schedule has 10 cycles a second and main 40. */
function history(): SampleHistory {
  const kept = new SampleHistory()
  const rows = 10
  const values = Float64Array.from({ length: rows * 2 }, (_, i) => {
    const seconds = (Math.floor(i / 2) + 1) * 10
    return seconds * (i % 2 === 0 ? 10 : 40)
  })
  kept.append({
    rows,
    columns: 2,
    merged: new Uint32Array(rows).fill(1),
    time: Float64Array.from({ length: rows }, (_, i) => (i + 1) * 10),
    last: values,
    min: values,
    max: values,
    mean: values,
  })
  return kept
}
const cyclesIn = (from: number, to: number): (number | undefined)[] =>
  profileOfCounters(history(), counters, { from, to }).stacks.map(({ cycles }) => cycles[0])

describe('the profile of a run that died', () => {
  it('has the exact cycles of each procedure in a window', () => {
    expect(cyclesIn(20, 30)).toEqual([100, 400])
    expect(cyclesIn(0, 100)).toEqual([1000, 4000])
  })

  it('says which window it has', () => {
    const { fromSeconds, toSeconds } = profileOfCounters(history(), counters, { from: 20, to: 50 })
    expect([fromSeconds, toSeconds]).toEqual([20, 50])
  })

  it('is empty before the first sample', () => {
    const { stacks, toSeconds } = profileOfCounters(new SampleHistory(), counters, {
      from: 0,
      to: 5,
    })
    expect(stacks.map(({ cycles }) => cycles[0])).toEqual([0, 0])
    expect(toSeconds).toBe(0)
  })
})
