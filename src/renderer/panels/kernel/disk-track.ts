import type { DiskQueueSnapshot, DiskRequest } from '../../../sim/observe/structures'

/** Where the head is going: towards higher cylinders, lower ones, or nowhere. */
export type HeadDirection = 1 | -1 | 0

/**
 * Towards the request in service, or the first in the elevator's order while the drive is between
 * two.
 */
export function headDirection(snapshot: DiskQueueSnapshot): HeadDirection {
  const target = snapshot.inService ?? snapshot.queue[0]
  if (!target) return 0
  const distance = target.cylinder - snapshot.headCylinder
  return Math.abs(distance) < 0.5 ? 0 : distance > 0 ? 1 : -1
}

export const requestKb = (request: DiskRequest): number => request.sectors / 2

export interface QueueTotals {
  readonly reads: number
  readonly writes: number
  readonly kb: number
  /** Longest wait of a queued request, in milliseconds; 0 while the queue is empty. */
  readonly longestMs: number
}

export function queueTotals(queue: readonly DiskRequest[]): QueueTotals {
  let reads = 0
  let kb = 0
  let longestMs = 0
  for (const request of queue) {
    if (request.operation === 'read') reads++
    kb += requestKb(request)
    longestMs = Math.max(longestMs, request.waitedMs)
  }
  return { reads, writes: queue.length - reads, kb, longestMs }
}

/** The request whose tick is nearest to a position, within a few pixels; -1 when there is none. */
export function requestAt(
  queue: readonly DiskRequest[],
  cylinderAt: number,
  within: number,
): number {
  let found = -1
  let nearest = within
  queue.forEach(({ cylinder }, index) => {
    const away = Math.abs(cylinder - cylinderAt)
    if (away <= nearest) [found, nearest] = [index, away]
  })
  return found
}
