import { describe, expect, it } from 'vitest'
import { wrongWith } from '../kernel-invariants.test-support'
import { pass, run, smallMachine } from '../small-machine.test-support'
import {
  forget,
  pageOf,
  release,
  runWithNoneFree,
  tryToFree,
  useUpFree,
} from './buffer-cache.test-support'
import { BufferBit, BufferList, noBuffer } from './buffer-heads'
import { wrongWithBuffers } from './buffer-invariants.test-support'

describe('bforget that recycles', () => {
  it('puts a buffer that nobody else uses on the free list, where its page can be freed', () => {
    runWithNoneFree({}, function* (m, task) {
      const { kernel } = m
      const buffer = yield* kernel.io.getblk(task, 5000)
      kernel.buffers.markDirty(buffer)
      kernel.buffers.refile(buffer, task)
      const free = kernel.buffers.length[BufferList.free]!
      forget(m, task, buffer)
      expect(kernel.buffers.length[BufferList.free]).toBe(free + 1)
      expect(kernel.buffers.listOf(buffer)).toBe(BufferList.free)
      expect(kernel.buffers.usersOf(buffer)).toBe(0)
      expect(kernel.buffers.find(5000, task)).toBe(noBuffer)
      expect(wrongWith(kernel)).toEqual([])
      expect(tryToFree(kernel.buffers, pageOf(m, buffer), task)).toBe(true)
      expect(wrongWith(kernel)).toEqual([])
    })
  })

  it('never frees a buffer that somebody else uses: it stays hashed, but is not written', () => {
    runWithNoneFree({}, function* (m, task) {
      const { kernel } = m
      const buffer = yield* kernel.io.getblk(task, 5000)
      kernel.buffers.hold(buffer)
      kernel.buffers.markDirty(buffer)
      forget(m, task, buffer)
      expect(kernel.buffers.usersOf(buffer)).toBe(1)
      expect(kernel.buffers.listOf(buffer)).toBe(BufferList.clean)
      expect(kernel.buffers.find(5000, task)).toBe(buffer)
      expect(tryToFree(kernel.buffers, pageOf(m, buffer), task)).toBe(false)
      release(m, task, buffer)
      expect(tryToFree(kernel.buffers, pageOf(m, buffer), task)).toBe(true)
      expect(wrongWith(kernel)).toEqual([])
    })
  })

  it('a forgotten buffer serves the next block that needs one', () => {
    runWithNoneFree({}, function* (m, task) {
      const { kernel } = m
      const size = kernel.buffers.buffers
      for (let block = 5000; block < 5100; block++) {
        forget(m, task, yield* kernel.io.getblk(task, block))
      }
      expect(kernel.buffers.buffers).toBe(size + 4)
    })
  })
})

describe('bforget that orphans', () => {
  it('leaves the buffer on the clean list, not hashed, without a user: its page can be freed', () => {
    runWithNoneFree({ bforget: 'orphan' }, function* (m, task) {
      const { kernel } = m
      const { buffers } = kernel
      const orphan = yield* kernel.io.getblk(task, 5000)
      buffers.markDirty(orphan)
      buffers.refile(orphan, task)
      forget(m, task, orphan)
      expect([buffers.orphaned, buffers.heldOrphans]).toEqual([1, 0])
      expect(buffers.listOf(orphan)).toBe(BufferList.clean)
      expect(buffers.usersOf(orphan)).toBe(0)
      const another = yield* kernel.io.getblk(task, 5000)
      expect(another).not.toBe(orphan)
      expect(wrongWith(kernel)).toEqual([])

      // The new buffer of the block is in the same page, and keeps it while somebody has it.
      expect(pageOf(m, another)).toBe(pageOf(m, orphan))
      expect(tryToFree(buffers, pageOf(m, orphan), task)).toBe(false)
      release(m, task, another)
      expect(tryToFree(buffers, pageOf(m, orphan), task)).toBe(true)
      expect(buffers.orphaned).toBe(0)
      expect(buffers.find(5000, task)).toBe(noBuffer)
      expect(wrongWith(kernel)).toEqual([])
    })
  })

  it('puts nothing on the free list, so that each block after it needs a buffer of its own', () => {
    runWithNoneFree({ bforget: 'orphan' }, function* (m, task) {
      const { kernel } = m
      const size = kernel.buffers.buffers
      for (let block = 5000; block < 5100; block++) {
        forget(m, task, yield* kernel.io.getblk(task, block))
      }
      expect(kernel.buffers.buffers).toBe(size + 100)
      expect(kernel.buffers.orphaned).toBe(100)
    })
  })

  it('loses to reclaim what it has orphaned', () => {
    const m = smallMachine({ bforget: 'orphan' })
    const { kernel } = m
    run(m, function* (task) {
      for (let block = 5000; block < 45_000; block++) {
        forget(m, task, yield* kernel.io.getblk(task, block))
      }
      expect(kernel.buffers.orphaned).toBeLessThan(20_000)
      expect(kernel.reclaim.stolenBuffers * 4 + kernel.buffers.orphaned).toBeGreaterThan(39_990)
    })
    expect(wrongWith(kernel)).toEqual([])
  })
})

describe('bforget that orphans and holds', () => {
  it('abandons the buffer: on no list, not hashed, its use count left, its page never freeable', () => {
    const m = smallMachine({ bforget: 'orphan-held' })
    const { kernel } = m
    const { buffers } = kernel
    run(m, function* (task) {
      yield* useUpFree(m, task)
      const orphan = yield* kernel.io.getblk(task, 5000)
      const lists = [...buffers.length]
      forget(m, task, orphan)
      expect(buffers.orphaned).toBe(1)
      expect(buffers.has(orphan, BufferBit.orphaned)).toBe(true)
      expect(buffers.usersOf(orphan)).toBe(1)
      lists[BufferList.clean]!--
      expect([...buffers.length]).toEqual(lists)
      expect(tryToFree(buffers, pageOf(m, orphan), task)).toBe(false)
      expect(wrongWithBuffers(kernel)).toEqual([])

      const another = yield* kernel.io.getblk(task, 5000)
      expect(another).not.toBe(orphan)
      expect(buffers.has(another, BufferBit.uptodate)).toBe(false)
      release(m, task, another)
    })
    pass(m, 120)
    expect(buffers.orphaned).toBe(1)
    expect(wrongWith(kernel)).toEqual([])
  })

  it('keeps the three other buffers of the page in use by the cache', () => {
    runWithNoneFree({ bforget: 'orphan-held' }, function* (m, task) {
      const { kernel } = m
      const size = kernel.buffers.buffers
      forget(m, task, yield* kernel.io.getblk(task, 5000))
      const others: number[] = []
      for (let block = 5001; block < 5004; block++)
        others.push(yield* kernel.io.getblk(task, block))
      expect(kernel.buffers.buffers).toBe(size + 4)
      for (const buffer of others) release(m, task, buffer)
      expect(tryToFree(kernel.buffers, pageOf(m, others[0]!), task)).toBe(false)
    })
  })

  it('switched back, it recycles what comes, and leaves what was lost', () => {
    const m = smallMachine({ bforget: 'orphan-held' })
    const { kernel } = m
    run(m, function* (task) {
      forget(m, task, yield* kernel.io.getblk(task, 5000))
      kernel.buffers.bforget = 'recycle'
      forget(m, task, yield* kernel.io.getblk(task, 5001))
      expect(kernel.buffers.orphaned).toBe(1)
      expect(kernel.buffers.find(5001, task)).toBe(noBuffer)
    })
    expect(wrongWith(kernel)).toEqual([])
  })

  it('a deleted file loses a buffer for each block that was in the cache', () => {
    const m = smallMachine({ bforget: 'orphan-held' })
    const { kernel, calls } = m
    run(m, function* (task) {
      const file = yield* calls.open(task, kernel.fs.root, 'file', 'create')
      if (file < 0) throw new Error('not opened')
      for (let at = 0; at < 300; at += 10) yield* calls.write(task, file, 10_240)
      yield* calls.close(task, file)
      yield* calls.unlink(task, kernel.fs.root, 'file')
    })
    // 300 blocks of the file; single, double and one further indirect block.
    expect(kernel.buffers.orphaned).toBe(303)
    expect(wrongWith(kernel)).toEqual([])
  })
})
