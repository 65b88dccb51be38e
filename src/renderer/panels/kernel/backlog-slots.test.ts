import { describe, expect, it } from 'vitest'
import type { ListenBacklogSnapshot, WaitingConnection } from '../../../sim/observe/structures'
import {
  ageShare,
  backlogLayout,
  backlogRow,
  describeBacklog,
  describeSlot,
  slotAt,
} from './backlog-slots'

const connections = (count: number, ageMs = 12.3): WaitingConnection[] =>
  Array.from({ length: count }, (_, i) => ({ client: 1000 + i, ageMs }))
const snapshotOf = (backlog: number, syn = 0, accept = 0): ListenBacklogSnapshot => ({
  kind: 'listen-backlog',
  of: 'listening socket, port 80',
  backlog,
  overflows: 0,
  halfOpen: syn,
  open: accept,
  synQueue: connections(syn, 80),
  acceptQueue: connections(accept),
})

describe('slots of a listen backlog', () => {
  it('are drawn one by one to their limit where there is room', () => {
    const layout = backlogLayout(snapshotOf(128, 3, 40), 408)
    expect(layout.cut).toBe(false)
    expect(layout.slots).toBe(128)
    expect(layout.limitX).toBeCloseTo(128 * layout.pitch, 9)
    expect(layout.limitX).toBeLessThanOrEqual(408)
  })

  it('are no wider than they should be when they are few', () => {
    const layout = backlogLayout(snapshotOf(5, 0, 5), 856)
    expect(layout.pitch).toBeLessThanOrEqual(26)
    expect(layout.limitX).toBeLessThan(200)
  })

  it('leave a break before the limit of a long backlog, and show all that is used', () => {
    for (const used of [0, 20, 204, 900]) {
      const layout = backlogLayout(snapshotOf(1024, 10, used), 408)
      expect(layout.cut).toBe(true)
      expect(layout.slots).toBeGreaterThanOrEqual(used)
      expect(layout.slots).toBeLessThan(1024)
      expect(layout.slots * layout.pitch).toBeLessThan(layout.limitX)
    }
  })

  it('keep their places while a long backlog fills', () => {
    expect(backlogLayout(snapshotOf(1024, 0, 90), 408)).toEqual(
      backlogLayout(snapshotOf(1024, 50, 10), 408),
    )
  })

  it('go on past the limit when a queue does', () => {
    const layout = backlogLayout(snapshotOf(128, 0, 130), 408)
    expect(layout.slots).toBe(130)
    expect(layout.limitX).toBeCloseTo(128 * layout.pitch, 9)
    const long = backlogLayout(snapshotOf(1024, 0, 1025), 408)
    expect(long.cut).toBe(false)
    expect(long.slots * long.pitch).toBeLessThanOrEqual(408)
  })

  it('lie in two rows that do not touch and fit into the height', () => {
    for (const height of [60, 150, 270, 700]) {
      const [syn, accept] = [backlogRow(0, height), backlogRow(1, height)]
      expect(syn.slotTop + syn.slotHeight).toBeLessThan(accept.top)
      expect(accept.slotTop + accept.slotHeight).toBeLessThanOrEqual(height)
    }
  })

  it('are found under the pointer, those of the accept queue after those of the SYN queue', () => {
    const layout = backlogLayout(snapshotOf(128), 408)
    const [syn, accept] = [backlogRow(0, 200), backlogRow(1, 200)]
    const x = 5.5 * layout.pitch
    expect(slotAt(layout, 200, x, syn.slotTop + 2)).toBe(5)
    expect(slotAt(layout, 200, x, accept.slotTop + 2)).toBe(133)
    expect(slotAt(layout, 200, -1, syn.slotTop + 2)).toBe(-1)
    expect(slotAt(layout, 200, 407.9, syn.slotTop + 2)).toBe(-1)
    expect(slotAt(layout, 200, x, syn.slotTop + syn.slotHeight + 1)).toBe(-1)
  })

  it('fill with age, between a floor that can be seen and ten seconds', () => {
    const shares = [0, 1, 10, 100, 1000, 10_000].map(ageShare)
    expect(shares).toEqual([...shares].sort((a, b) => a - b))
    expect(shares[0]).toBeGreaterThan(0.1)
    expect(ageShare(10_000)).toBeCloseTo(1, 9)
    expect(ageShare(1e6)).toBe(1)
  })
})

describe('a listen backlog in words', () => {
  const snapshot = snapshotOf(128, 1, 129)
  const layout = backlogLayout(snapshot, 408)
  const accept = layout.slots

  it('names queue, place, client and age of a connection', () => {
    expect(describeSlot(snapshot, layout, 0)).toBe(
      'SYN queue, 1 of 128: client 1000, SYN came 80 ms ago',
    )
    expect(describeSlot(snapshot, layout, accept + 2)).toBe(
      'accept queue, 3 of 128: client 1002, SYN came 12.3 ms ago',
    )
  })

  it('tells free slots, those past the limit, and nothing beside them', () => {
    expect(describeSlot(snapshot, layout, 1)).toBe('SYN queue, 2 of 128: free')
    expect(describeSlot(snapshot, layout, accept + 128)).toMatch(/past the limit$/)
    expect(describeSlot(snapshot, layout, -1)).toBe('')
    expect(describeSlot(snapshot, layout, 2 * accept)).toBe('')
  })

  it('tells the oldest of each queue', () => {
    expect(describeBacklog(snapshot)).toBe('oldest 80 ms half open, 12.3 ms open')
    expect(describeBacklog(snapshotOf(128, 0, 1))).toBe('oldest 12.3 ms open')
    expect(describeBacklog(snapshotOf(128))).toBe('both queues are empty')
  })
})
