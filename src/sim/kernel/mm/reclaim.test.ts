import { describe, expect, it } from 'vitest'
import { BufferList } from '../fs/buffer-heads'
import { spaceOf } from './address-space'
import { wrongWith } from '../kernel-invariants.test-support'
import type { CachedInode } from './page-cache'
import { FrameUse, noFrame } from './page-frames'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, smallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'

const inode = (): CachedInode => ({ slot: 300, firstPage: noFrame, pages: 0 })

/** So many pages of a file in the page cache; those whose turn it is are referenced. */
function cachePages(
  m: SmallMachine,
  task: Task,
  file: CachedInode,
  count: number,
  referenced: (index: number) => boolean,
): number[] {
  const { frames, pages } = m.kernel
  return Array.from({ length: count }, (_, index) => {
    const frame = frames.take(FrameUse.pageCache)
    pages.add(frame, file, index, task)
    if (!referenced(index)) frames.clearReferenced(frame)
    return frame
  })
}

/** So many pages of clean buffers that nobody uses. */
function* cleanBuffers(m: SmallMachine, task: Task, pages: number): Path {
  const { kernel } = m
  for (let block = 0; block < pages * 4; block++) {
    const buffer = yield* kernel.io.getblk(task, 700_000 + block)
    kernel.buffers.release(buffer, task, kernel.timer.jiffies, 0)
  }
}

/** Takes frames until so many are left, for good. */
function leave(m: SmallMachine, frames: number): void {
  while (m.kernel.frames.free > frames) m.kernel.frames.take(FrameUse.kernel)
}

describe('shrink_mmap', () => {
  it('spares a page that was referenced, once', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      const file = inode()
      const cached = cachePages(m, task, file, 600, (index) => index % 2 === 0)
      expect(yield* reclaim.tryToFreePages(task, false)).toBe(true)
      const gone = cached.filter((frame) => frames.useOf(frame) === FrameUse.free)
      expect(gone).toHaveLength(32)
      expect(gone.every((frame) => cached.indexOf(frame) % 2 === 1)).toBe(true)
      for (let times = 0; times < 12; times++) yield* reclaim.tryToFreePages(task, false)
      // All that nobody wanted are gone, and then those that nobody has wanted since.
      const left = cached.filter((frame) => frames.useOf(frame) === FrameUse.pageCache)
      expect(left.every((frame) => cached.indexOf(frame) % 2 === 0)).toBe(true)
      expect(left.length).toBe(600 - 13 * 32)
    })
    expect(m.kernel.reclaim.stolenCache).toBe(13 * 32)
  })

  it('spares no buffer: pages of the buffer cache go before referenced pages of files', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      cachePages(m, task, inode(), 600, () => true)
      yield* cleanBuffers(m, task, 400)
      const before = frames.total[FrameUse.buffers]!
      for (let times = 0; times < 5; times++) yield* reclaim.tryToFreePages(task, false)
      expect(frames.total[FrameUse.buffers]).toBe(before - 5 * 32)
      expect(frames.total[FrameUse.pageCache]).toBe(600)
      expect(reclaim.stolenBuffers).toBe(5 * 32)
    })
  })

  it('takes no page that is locked or mapped, and no page with a busy buffer', () => {
    const m = smallMachine()
    const { reclaim, frames, buffers } = m.kernel
    run(m, function* (task) {
      const cached = cachePages(m, task, inode(), 400, () => false)
      cached.forEach((frame, index) => {
        if (index % 2 === 0) frames.lock(frame)
        else frames.share(frame)
      })
      yield* cleanBuffers(m, task, 300)
      for (let page = 0; page < buffers.buffers; page += 4) buffers.hold(page)
      expect(yield* reclaim.tryToFreePages(task, false)).toBe(false)
      expect(reclaim.stolenBuffers + reclaim.stolenCache).toBe(0)
      buffers.unhold(8)
      // One page is not the 32 that are wanted.
      expect(yield* reclaim.tryToFreePages(task, false)).toBe(false)
      expect(reclaim.stolenBuffers).toBe(1)
    })
  })

  it('takes the mark that it was referenced from a mapped page too', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      const cached = cachePages(m, task, inode(), 400, () => true)
      for (const frame of cached) frames.share(frame)
      expect(yield* reclaim.tryToFreePages(task, false)).toBe(false)
      expect(cached.filter((frame) => frames.isReferenced(frame))).toEqual([])
      for (const frame of cached) frames.drop(frame)
      expect(yield* reclaim.tryToFreePages(task, false)).toBe(true)
      expect(reclaim.stolenCache).toBe(32)
    })
  })

  it('leaves the last 2 % of memory to the page cache, and to buffers', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      cachePages(m, task, inode(), 300, () => false)
      yield* cleanBuffers(m, task, 300)
      while (yield* reclaim.tryToFreePages(task, false));
    })
    const floor = Math.ceil(frames.frames * 0.02)
    expect(frames.total[FrameUse.pageCache]).toBe(floor - 1)
    expect(frames.total[FrameUse.buffers]).toBe(floor - 1)
  })

  it('charges for every frame that the clock passes', () => {
    const m = smallMachine()
    run(m, function* (task) {
      const before = task.pending
      yield* m.kernel.reclaim.tryToFreePages(task, false)
      // Nothing to be had. Of the frames with one user, 1/64 to 1/2 of 8,192 are looked at, 12
      // cycles each; free ones are passed as well, but a call does not go round more than twice.
      const looked = [6, 5, 4, 3, 2, 1].reduce((sum, shift) => sum + (8192 >> shift), 0)
      const cycles = task.pending - before
      expect(cycles).toBeGreaterThanOrEqual(looked * 12)
      expect(cycles).toBeLessThan(6 * 2 * 8192 * 12 + looked)
      expect(cycles % 12).toBe(0)
    })
  })
})

describe('taking a page', () => {
  it('costs nothing above the least mark, frees 32 at it, and goes on freeing up to the high one', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      cachePages(m, task, inode(), 3000, () => false)
      leave(m, frames.min + 1)
      expect(reclaim.plenty).toBe(true)
      yield* reclaim.take(task, FrameUse.kernel, true)
      expect(frames.free).toBe(frames.min)
      expect(reclaim.stolenCache).toBe(0)
      expect(reclaim.takeNow(task, FrameUse.kernel)).toBe(noFrame)

      yield* reclaim.take(task, FrameUse.kernel, true)
      expect(frames.free).toBe(frames.min + 32 - 1)
      expect(reclaim.lowOnMemory).toBe(true)
      // Above the mark, but not far enough yet.
      expect(reclaim.plenty).toBe(false)
      while (frames.free < frames.high) yield* reclaim.take(task, FrameUse.kernel, true)
      expect(reclaim.plenty).toBe(true)
      expect(reclaim.lowOnMemory).toBe(false)
      const stolen = reclaim.stolenCache
      yield* reclaim.take(task, FrameUse.kernel, true)
      expect(reclaim.stolenCache).toBe(stolen)
    })
  })

  it('kswapd frees in the background, from below the high mark up to it', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      cachePages(m, task, inode(), 3000, () => false)
      leave(m, frames.high)
      yield* m.kernel.processes.compute(task, 450)
    })
    pass(m, 3)
    expect(reclaim.stolenCache).toBe(0)
    leave(m, frames.high - 1)
    pass(m, 1.1)
    expect(frames.free).toBeGreaterThanOrEqual(frames.high)
    expect(frames.free).toBeLessThan(frames.high + 32)
    pass(m, 3)
    expect(frames.free).toBeLessThan(frames.high + 32)
  })

  it('that is asked for when few are left wakes kswapd at once', () => {
    const m = smallMachine({ cpus: 2 })
    const { reclaim, frames } = m.kernel
    // Until the daemon has gone to sleep for the first time.
    pass(m, 0.001)
    run(m, function* (task) {
      cachePages(m, task, inode(), 3000, () => false)
      leave(m, frames.min)
      yield* reclaim.take(task, FrameUse.kernel, true)
    })
    pass(m, 0.05)
    expect(frames.free).toBeGreaterThanOrEqual(frames.high)
  })

  it('the last pages are for those who free some', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      leave(m, frames.min >> 2)
      expect(yield* reclaim.take(task, FrameUse.anonymous, true)).toBe(noFrame)
      task.freeing = true
      const frame = yield* reclaim.take(task, FrameUse.anonymous, true)
      task.freeing = false
      expect(frame).not.toBe(noFrame)
      frames.drop(frame)
    })
  })

  it('what the kernel needs itself is taken from the reserve when nothing can be freed', () => {
    const m = smallMachine()
    const { reclaim, frames } = m.kernel
    run(m, function* (task) {
      leave(m, 2)
      expect(yield* reclaim.take(task, FrameUse.buffers, false)).toBe(noFrame)
      expect(yield* reclaim.take(task, FrameUse.pageCache, true)).toBe(noFrame)
      const page = yield* reclaim.take(task, FrameUse.kernel, true)
      expect(page).not.toBe(noFrame)
      frames.drop(page)
    })
  })

  it('pages of the swap cache count for the minimum of the page cache', () => {
    const m = smallMachine()
    const { reclaim, frames, memory } = m.kernel
    run(m, function* (task) {
      const least = Math.ceil(0.02 * frames.frames)
      cachePages(m, task, inode(), least - 1, () => false)
      const cached = frames.total[FrameUse.pageCache]!
      expect(yield* reclaim.tryToFreePages(task, false)).toBe(false)
      expect(frames.total[FrameUse.pageCache]).toBe(cached)
      yield* memory.grow(task, 40)
      while (frames.total[FrameUse.swapCache]! < 40) {
        yield* reclaim['swapOut'].takeOne(task, 0, true)
      }
      // They are under way and cannot go yet, but those of files can now.
      yield* reclaim.tryToFreePages(task, false)
      expect(frames.total[FrameUse.pageCache]).toBeLessThan(cached)
    })
  })

  it('of buffers starts no output to swap, but unmaps pages of files', () => {
    const m = smallMachine({ memoryMB: 20 })
    const { kernel } = m
    const { memory, reclaim, swap, fs } = kernel
    run(m, function* (task) {
      const space = spaceOf(task)!
      const area = memory.map(space, fs.install(fs.root, 'text', 40_960), 10)
      yield* memory.faults.touch(task, [{ area, from: 0, pages: 10, writes: false }])
      yield* memory.grow(task, 500)
      const { resident } = space
      leave(m, kernel.frames.min)
      for (let times = 0; times < 3; times++) yield* reclaim.tryToFreePages(task, false)
      expect(swap.pagesOut).toBe(0)
      expect(space.resident).toBe(resident - 10)
      for (let times = 0; times < 2; times++) yield* reclaim.tryToFreePages(task, true)
      expect(swap.pagesOut).toBeGreaterThan(0)
    })
  })

  it('a process waits for bdflush when there is no buffer and no page, and goes on after it', () => {
    const m = smallMachine({ memoryMB: 16, cpus: 2 })
    const { kernel } = m
    let blocks = 0
    run(m, function* (task) {
      leave(m, 200)
      for (; blocks < 2000; blocks++) {
        const buffer = yield* kernel.io.getblk(task, 800_000 + blocks)
        kernel.buffers.markDirty(buffer)
        kernel.buffers.release(buffer, task, kernel.timer.jiffies, 3000)
      }
    })
    expect(blocks).toBe(2000)
    expect(kernel.buffers.buffers).toBeLessThan(200 * 4)
    expect(kernel.disk.sectorsWritten / 2).toBeGreaterThan(1000)
    pass(m, 40)
    expect(kernel.buffers.length[BufferList.dirty]).toBe(0)
    expect(wrongWith(kernel)).toEqual([])
  })
})
