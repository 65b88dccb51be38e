import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from '../mm/page-frames'
import type { Path, Task } from '../sched/task'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine } from '../small-machine.test-support'
import type { BforgetVariant } from './buffer-cache'
import {
  age,
  forget,
  pageOf,
  release,
  runWithNoneFree,
  tryToFree,
  useUpFree,
} from './buffer-cache.test-support'
import { BufferBit, BufferList, noBuffer } from './buffer-heads'
import { bucketOfBlock, liveBuffers, wrongWithBuffers } from './buffer-invariants.test-support'

describe('looking up a block', () => {
  it('gives the same buffer as long as it is in the cache, and one user more each time', () => {
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      const first = yield* kernel.io.getblk(task, 5000)
      const again = yield* kernel.io.getblk(task, 5000)
      const other = yield* kernel.io.getblk(task, 5001)
      expect(again).toBe(first)
      expect(other).not.toBe(first)
      expect([kernel.buffers.usersOf(first), kernel.buffers.usersOf(other)]).toEqual([2, 1])
      expect(kernel.buffers.blockOf(first)).toBe(5000)
      for (const buffer of [first, first, other]) release(m, task, buffer)
      expect(kernel.buffers.usersOf(first)).toBe(0)
      expect(kernel.buffers.find(5000, task)).toBe(first)
      expect(kernel.buffers.find(5002, task)).toBe(noBuffer)
    })
    expect(wrongWith(kernel)).toEqual([])
  })

  it('reads it from disk once, however many want it at the same time', () => {
    const m = smallMachine({ cpus: 4 })
    const { kernel } = m
    const found = runAll(
      m,
      Array.from(
        { length: 6 },
        () =>
          function* (task: Task): Path<number> {
            const buffer = yield* kernel.io.bread(task, 70_000)
            expect(kernel.buffers.has(buffer, BufferBit.uptodate)).toBe(true)
            release(m, task, buffer)
            return buffer
          },
      ),
    )
    expect(new Set(found).size).toBe(1)
    expect(kernel.disk.sectorsRead).toBe(2)
    expect(kernel.buffers.usersOf(found[0]!)).toBe(0)
    expect(wrongWith(kernel)).toEqual([])
  })

  it('walks its chain: blocks whose numbers collide hang in one bucket, the last to come first', () => {
    const m = smallMachine()
    const { kernel } = m
    const blocks = [100, 100 + 32_768, 100 + 3 * 32_768]
    run(m, function* (task) {
      for (const block of blocks) release(m, task, yield* kernel.io.getblk(task, block))
      const cost = (block: number): number => {
        const before = task.pending
        kernel.buffers.find(block, task)
        return task.pending - before
      }
      expect(kernel.buffers.chain(bucketOfBlock(100))).toEqual([...blocks].reverse())
      expect(kernel.buffers.chainLengths()[bucketOfBlock(100)]).toBe(3)
      expect(cost(100)).toBeGreaterThan(cost(blocks[2]!))
    })
  })
})

describe('the cache', () => {
  it('grows by a page of four buffers when none is free', () => {
    runWithNoneFree({}, function* (m, task) {
      const { kernel } = m
      const before = kernel.buffers.buffers
      const frames = kernel.frames.total[FrameUse.buffers]!
      yield* kernel.io.getblk(task, 5000)
      expect(kernel.buffers.buffers).toBe(before + 4)
      expect(kernel.buffers.length[BufferList.free]).toBe(3)
      expect(kernel.frames.total[FrameUse.buffers]).toBe(frames + 1)
      expect(wrongWith(kernel)).toEqual([])
    })
  })

  it('gives a page back when none of its buffers is busy', () => {
    runWithNoneFree({}, function* (m, task) {
      const { kernel } = m
      const buffer = yield* kernel.io.getblk(task, 5000)
      const frame = pageOf(m, buffer)
      const free = kernel.frames.free
      const size = kernel.buffers.buffers
      expect(tryToFree(kernel.buffers, frame, task)).toBe(false)
      release(m, task, buffer)
      expect(tryToFree(kernel.buffers, frame, task)).toBe(true)
      expect(kernel.frames.free).toBe(free + 1)
      expect(kernel.buffers.buffers).toBe(size - 4)
      expect(kernel.buffers.find(5000, task)).toBe(noBuffer)
      expect(wrongWith(kernel)).toEqual([])
    })
  })

  type Touch = (m: SmallMachine, task: Task, buffer: number) => void
  it.each<[string, Touch, Touch]>([
    [
      'in use',
      (m, _task, buffer) => {
        m.kernel.buffers.hold(buffer)
      },
      (m, _task, buffer) => {
        m.kernel.buffers.unhold(buffer)
      },
    ],
    [
      'dirty',
      (m, task, buffer) => {
        m.kernel.buffers.markDirty(buffer)
        m.kernel.buffers.refile(buffer, task)
      },
      (m, task, buffer) => {
        m.kernel.buffers.beginWrite(buffer, task)
        m.kernel.buffers.unlock(buffer)
      },
    ],
    [
      'locked',
      (m, task, buffer) => {
        m.kernel.buffers.lock(buffer, task)
      },
      (m, _task, buffer) => {
        m.kernel.buffers.unlock(buffer)
      },
    ],
  ])('keeps a page as long as one of its buffers is %s', (_state, begin, end) => {
    runWithNoneFree({}, function* (m, task) {
      const { kernel } = m
      const page: number[] = []
      for (let block = 5000; block < 5004; block++) page.push(yield* kernel.io.getblk(task, block))
      const frame = pageOf(m, page[0]!)
      for (const buffer of page) release(m, task, buffer)
      begin(m, task, page[2]!)
      expect(kernel.buffers.busy(page[2]!)).toBe(true)
      expect(tryToFree(kernel.buffers, frame, task)).toBe(false)
      expect(kernel.frames.useOf(frame)).toBe(FrameUse.buffers)
      end(m, task, page[2]!)
      expect(kernel.buffers.busy(page[2]!)).toBe(false)
      expect(tryToFree(kernel.buffers, frame, task)).toBe(true)
      expect(wrongWith(kernel)).toEqual([])
    })
  })

  it('a page that cannot be freed wakes bdflush, which writes it', () => {
    const m = smallMachine()
    const { kernel } = m
    const buffers = run(m, function* (task): Path<number[]> {
      const taken = yield* useUpFree(m, task)
      for (let block = 6000; block < 6040; block++) taken.push(yield* kernel.io.getblk(task, block))
      const dirty = taken[taken.length - 1]!
      kernel.buffers.markDirty(dirty)
      for (const buffer of taken) release(m, task, buffer)
      expect(tryToFree(kernel.buffers, pageOf(m, dirty), task)).toBe(false)
      return [dirty]
    })
    pass(m, 0.5)
    expect(kernel.disk.sectorsWritten).toBe(2)
    expect(kernel.buffers.has(buffers[0]!, BufferBit.dirty)).toBe(false)
    expect(wrongWith(kernel)).toEqual([])
  })

  it('lists follow states: clean, dirty, locked, and back', () => {
    const m = smallMachine()
    const { kernel } = m
    const { buffers } = kernel
    run(m, function* (task) {
      for (const buffer of yield* useUpFree(m, task)) release(m, task, buffer)
      const buffer = yield* kernel.io.getblk(task, 5000)
      expect(buffers.listOf(buffer)).toBe(BufferList.clean)
      buffers.markDirty(buffer)
      release(m, task, buffer)
      expect(buffers.listOf(buffer)).toBe(BufferList.dirty)
      expect(buffers.dueOf(buffer)).toBe(kernel.timer.jiffies + age)
      buffers.beginWrite(buffer, task)
      expect(buffers.listOf(buffer)).toBe(BufferList.locked)
      expect(buffers.locked).toBe(1)
      // Written to again while it is being written: it is due another time.
      buffers.hold(buffer)
      buffers.markDirty(buffer)
      release(m, task, buffer)
      expect(buffers.listOf(buffer)).toBe(BufferList.dirty)
      buffers.unlock(buffer)
      expect(buffers.listOf(buffer)).toBe(BufferList.dirty)
      buffers.beginWrite(buffer, task)
      buffers.unlock(buffer)
      expect(buffers.listOf(buffer)).toBe(BufferList.clean)
      expect(buffers.has(buffer, BufferBit.uptodate)).toBe(true)
      expect(wrongWithBuffers(kernel)).toEqual([])
    })
  })

  it('a release too many is a bug of the kernel', () => {
    const m = smallMachine()
    expect(() =>
      run(m, function* (task) {
        const buffer = yield* m.kernel.io.getblk(task, 5000)
        release(m, task, buffer)
        release(m, task, buffer)
      }),
    ).toThrow(/free buffer/)
  })
})

describe('any mixture', () => {
  it.each([
    ['recycle', 1],
    ['recycle', 2],
    ['orphan', 1],
    ['orphan', 2],
    ['orphan-held', 1],
    ['orphan-held', 2],
  ] as const)(
    'of what the kernel does with buffers leaves it sound (%s, seed %i)',
    (bforget, seed) => {
      const m = smallMachine({ cpus: 4, memoryMB: 18, bforget: bforget satisfies BforgetVariant })
      const { kernel } = m
      const { buffers } = kernel
      const life = (part: number) =>
        function* (task: Task): Path {
          const random = new RandomStream(seed, `buffers ${part}`)
          const held: number[] = []
          for (let step = 0; step < 400; step++) {
            const block = 100_000 + random.below(3000)
            const buffer = random.chance(0.2)
              ? yield* kernel.io.bread(task, block)
              : yield* kernel.io.getblk(task, block)
            yield* kernel.io.waitOnBuffer(task, buffer)
            if (random.chance(0.5)) {
              buffers.markDirty(buffer)
              buffers.refile(buffer, task)
            }
            const others = buffers.usersOf(buffer) > 1
            if (random.chance(0.1)) held.push(buffer)
            else if (random.chance(0.3) && !(bforget !== 'recycle' && others))
              forget(m, task, buffer)
            else release(m, task, buffer)
            if (held.length > 8) release(m, task, held.shift()!)
          }
          for (const buffer of held) release(m, task, buffer)
        }
      let looks = 0
      runAll(m, [0, 1, 2, 3].map(life), () => {
        if (looks++ % 4 === 0) expect(wrongWithBuffers(kernel)).toEqual([])
      })
      pass(m, 1)
      expect(wrongWith(kernel)).toEqual([])
      // All uses have been given back but those of the orphans that are held.
      const inUse = liveBuffers(kernel).filter((buffer) => buffers.usersOf(buffer) > 0)
      expect(inUse.length).toBe(buffers.heldOrphans)
      expect(buffers.orphaned > 0).toBe(bforget !== 'recycle')
      expect(buffers.heldOrphans > 0).toBe(bforget === 'orphan-held')
    },
  )
})
