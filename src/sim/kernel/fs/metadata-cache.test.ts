import { describe, expect, it } from 'vitest'
import type { Task } from '../sched/task'
import { run, smallMachine } from '../small-machine.test-support'
import { release } from './buffer-cache.test-support'
import { wrongWithBuffers } from './buffer-invariants.test-support'
import { BufferBit } from './buffer-heads'

const digitalUnix = () => smallMachine({ kernel: 'digital-unix-4.0', cpus: 1, memoryMB: 32 })
const readable = 10_000

describe('the metadata cache of Digital UNIX', () => {
  it('has 3 % of memory, and Linux has none', () => {
    expect(digitalUnix().kernel.buffers.wired * 1024).toBeCloseTo(0.03 * 32 * 1024 * 1024, -4)
    expect(smallMachine().kernel.buffers.wired).toBe(0)
  })

  it('keeps what was used last, and gives up what was used longest ago', () => {
    const m = digitalUnix()
    const { buffers, io } = m.kernel
    run(m, function* (task: Task) {
      const isThere = (block: number): boolean => buffers.peek(block) >= 0
      for (let at = 0; at < buffers.wired; at++) {
        release(m, task, yield* io.bread(task, readable + at))
        // The first is used again and again.
        release(m, task, yield* io.bread(task, readable))
      }
      expect(isThere(readable + 1)).toBe(true)
      release(m, task, yield* io.bread(task, readable + buffers.wired))
      expect([0, 1, 2].map((at) => isThere(readable + at))).toEqual([true, false, true])
      expect(wrongWithBuffers(m.kernel)).toEqual([])
    })
  })

  it('loses nothing to data, and takes no memory beyond its own', () => {
    const m = digitalUnix()
    const { buffers, io, frames, reclaim } = m.kernel
    run(m, function* (task: Task) {
      const metadata = [0, 1, 2, 3].map((at) => readable + at)
      for (const block of metadata) release(m, task, yield* io.bread(task, block))
      // More data than there is memory.
      for (let block = 0; block < frames.frames * 5; block++) {
        release(m, task, yield* io.getblk(task, 100_000 + block))
      }
      expect(reclaim.stolenBuffers).toBeGreaterThan(0)
      for (const block of metadata) {
        const buffer = buffers.peek(block)
        expect(buffers.has(buffer, BufferBit.uptodate)).toBe(true)
        expect(buffer).toBeLessThan(buffers.wired)
      }
      expect(wrongWithBuffers(m.kernel)).toEqual([])
    })
  })

  it('waits for bdflush when all of it is dirty', () => {
    const m = digitalUnix()
    const { buffers, io } = m.kernel
    run(m, function* (task: Task) {
      for (let at = 0; at < buffers.wired + 8; at++) {
        const buffer = yield* io.bread(task, readable + at)
        buffers.markDirty(buffer)
        buffers.refile(buffer, task)
        release(m, task, buffer)
      }
      expect(buffers.peek(readable + buffers.wired + 7)).toBeLessThan(buffers.wired)
      expect(wrongWithBuffers(m.kernel)).toEqual([])
    })
  })
})
