import { describe, expect, it } from 'vitest'
import type { DiskQueueSnapshot, DiskRequest } from '../../../sim/observe/structures'
import { headDirection, queueTotals, requestAt } from './disk-track'

const request = (
  cylinder: number,
  operation: DiskRequest['operation'] = 'read',
  waitedMs = 0,
): DiskRequest => ({ operation, sector: cylinder * 5000, sectors: 8, cylinder, waitedMs })
const snapshot = (part: Partial<DiskQueueSnapshot>): DiskQueueSnapshot => ({
  kind: 'disk-queue',
  cylinders: 6962,
  headCylinder: 2000,
  phase: 'seek',
  inService: undefined,
  queue: [],
  ...part,
})

describe('the head', () => {
  it('goes to the request in service', () => {
    expect(headDirection(snapshot({ inService: request(3000), queue: [request(10)] }))).toBe(1)
    expect(headDirection(snapshot({ inService: request(10) }))).toBe(-1)
  })

  it('goes to the first in the queue while none is in service', () => {
    expect(headDirection(snapshot({ queue: [request(10), request(3000)] }))).toBe(-1)
  })

  it('stands where its request is, or when there is none', () => {
    expect(headDirection(snapshot({ inService: request(2000) }))).toBe(0)
    expect(headDirection(snapshot({}))).toBe(0)
  })
})

describe('the disk queue', () => {
  const queue = [request(100, 'read', 5), request(400, 'write', 80), request(900, 'read', 20)]

  it('is told in reads, writes, kB and the longest wait', () => {
    expect(queueTotals(queue)).toEqual({ reads: 2, writes: 1, kb: 12, longestMs: 80 })
    expect(queueTotals([])).toEqual({ reads: 0, writes: 0, kb: 0, longestMs: 0 })
  })

  it('gives the request that is nearest to the pointer', () => {
    expect(requestAt(queue, 390, 30)).toBe(1)
    expect(requestAt(queue, 650, 30)).toBe(-1)
  })
})
