/** What must hold of the request queue between any two events. */
import { BufferBit } from '../fs/buffer-heads'
import { liveBuffers } from '../fs/buffer-invariants.test-support'
import type { Kernel } from '../kernel'

/** NR_REQUEST, its two thirds for writes, and MAX_SECTORS of 2.2. */
export const maxRequests = 64
export const maxWhenWriting = 42
export const maxSectors = 244

/** One sentence for everything that is wrong with the request queue; empty when nothing is. */
export function wrongWithQueue(kernel: Kernel): string[] {
  const wrong: string[] = []
  const { disk, buffers, frames } = kernel
  const queue = disk['queue']
  const inService = disk['inService']
  if (queue.length > maxRequests) wrong.push(`${queue.length} requests`)
  const writes = queue.filter((request) => request.write).length
  if (writes > maxWhenWriting) wrong.push(`${writes} writes`)
  if (!inService && queue.length > 0 && !disk['plugged']) {
    wrong.push(`the disk rests with ${queue.length} requests`)
  }
  const underWay = new Set<number>()
  const all = inService ? [inService, ...queue] : queue
  for (const request of all) {
    const { sector, sectors, items, completions } = request
    if (sectors > maxSectors) wrong.push(`a request of ${sectors} sectors`)
    if (items.length !== completions.length) wrong.push('an item without completion')
    let expected = 0
    items.forEach((item, index) => {
      if (completions[index] === kernel.io['bufferDone']) {
        if (underWay.has(item)) wrong.push(`buffer ${item} is under way twice`)
        underWay.add(item)
        if (!buffers.has(item, BufferBit.locked)) wrong.push(`buffer ${item} is not locked`)
        if (buffers.blockOf(item) * 2 !== sector + expected) {
          wrong.push(`buffer ${item} of block ${buffers.blockOf(item)} is at ${sector + expected}`)
        }
        expected += 2
      } else {
        if (!frames.isLocked(item)) wrong.push(`page ${item} is under way, but not locked`)
        expected += completions[index] === kernel.pageIo['pieceDone'] ? 2 : 8
      }
    })
    if (expected !== sectors) wrong.push(`${expected} sectors of items in a request of ${sectors}`)
  }
  if (disk['slotWaiters'].length === 0) {
    const locked = liveBuffers(kernel).filter((buffer) => buffers.has(buffer, BufferBit.locked))
    if (locked.length !== underWay.size) {
      wrong.push(`${locked.length} buffers are locked, ${underWay.size} under way`)
    }
  }
  return wrong
}
