import { describe, expect, it } from 'vitest'
import { BufferState } from '../../observe/structures'
import { run, smallMachine } from '../small-machine.test-support'
import { forget, release, useUpFree } from './buffer-cache.test-support'
import { BufferList } from './buffer-heads'
import { bufferSnapshot } from './buffer-snapshot'

describe('snapshot', () => {
  it('draws every buffer in its page, and its totals are those of the lists', () => {
    const m = smallMachine({ bforget: 'orphan' })
    const { kernel } = m
    run(m, function* (task) {
      for (const buffer of yield* useUpFree(m, task)) release(m, task, buffer)
      const dirty = yield* kernel.io.getblk(task, 5000)
      const orphan = yield* kernel.io.getblk(task, 5001)
      kernel.buffers.markDirty(dirty)
      release(m, task, dirty)
      forget(m, task, orphan)
      const locked = yield* kernel.io.getblk(task, 5002)
      kernel.buffers.lock(locked, task)
      const { pages, states, blocks, totals, bufferBytes, buffersPerPage, machinePages } =
        bufferSnapshot(kernel.buffers)
      expect([bufferBytes, buffersPerPage, machinePages]).toEqual([1024, 4, 8192])
      expect(pages.length * 4).toBe(kernel.buffers.buffers)
      const stateOf = (block: number): number => states[blocks.indexOf(block)]!
      expect(stateOf(5000)).toBe(BufferState.dirty)
      expect(stateOf(5001)).toBe(BufferState.orphaned)
      expect(stateOf(5002)).toBe(BufferState.locked)
      expect(totals).toEqual(
        [0, 1, 2, 3, 4, 5].map((state) => states.filter((drawn) => drawn === state).length),
      )
      expect(totals[BufferState.free]).toBe(kernel.buffers.length[BufferList.free])
      expect(totals[BufferState.orphaned]).toBe(1)
      // The orphan is on the clean list, too.
      expect(totals[BufferState.clean]).toBe(kernel.buffers.length[BufferList.clean]! - 1)
      kernel.buffers.unlock(locked)
      release(m, task, locked)
    })
  })
})
