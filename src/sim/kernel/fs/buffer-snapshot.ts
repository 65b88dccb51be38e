/** The buffer cache as the Kernel view draws it: each buffer in its page, by state. */
import type { BufferCacheSnapshot } from '../../observe/structures'
import { BufferState } from '../../observe/structures'
import type { BufferCache } from './buffer-cache'
import { BufferBit, bufferBytes, BufferList } from './buffer-heads'

export function bufferSnapshot(cache: BufferCache): BufferCacheSnapshot {
  const { perPage } = cache
  const pages = cache.pagesInUse()
  const states = new Uint8Array(pages.length * perPage)
  const blocks = new Int32Array(states.length)
  const totals = [0, 0, 0, 0, 0, 0]
  pages.forEach((frame, at) => {
    for (let index = 0; index < perPage; index++) {
      const buffer = cache.firstOf(frame) + index
      const state = drawnState(cache, buffer)
      states[at * perPage + index] = state
      blocks[at * perPage + index] = cache.blockOf(buffer)
      totals[state]++
    }
  })
  return {
    kind: 'buffer-cache',
    bufferBytes,
    buffersPerPage: perPage,
    pages: Int32Array.from(pages),
    states,
    blocks,
    totals,
    machinePages: cache.frameCount,
  }
}

function drawnState(cache: BufferCache, buffer: number): number {
  if (cache.has(buffer, BufferBit.orphaned)) return BufferState.orphaned
  const list = cache.listOf(buffer)
  if (list === BufferList.free || list === BufferList.wiredFree) return BufferState.free
  if (cache.has(buffer, BufferBit.locked)) return BufferState.locked
  if (cache.has(buffer, BufferBit.dirty)) return BufferState.dirty
  return BufferState.clean
}
