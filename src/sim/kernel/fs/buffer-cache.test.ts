import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { BufferState } from '../../observe/structures'
import type { BforgetVariant, BufferCache } from './buffer-cache'
import { BufferBit, BufferList, noBuffer } from './buffer-cache'
import { bucketOfBlock, liveBuffers, wrongWithBuffers } from './buffer-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from '../mm/page-frames'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'

/** Age that a forgotten or released buffer is given, in jiffies; no test here waits for it. */
const age = 3000

const release = ({ kernel }: SmallMachine, task: Task, buffer: number): void =>
  kernel.buffers.release(buffer, task, kernel.timer.jiffies, age)
const forget = ({ kernel }: SmallMachine, task: Task, buffer: number): void =>
  kernel.buffers.forget(buffer, task, kernel.timer.jiffies, age)

const pageOf = ({ kernel }: SmallMachine, buffer: number): number =>
  kernel.buffers['pageOfFrame'].indexOf(Math.floor(buffer / kernel.buffers.perPage))

/** Frees a page as reclaim does, or says why not. Returns whether it did. */
function tryToFree(buffers: BufferCache, frame: number, task: Task): boolean {
  const looks = buffers.looksAt(frame)
  if (looks > 0) buffers.cannotFree(1, looks, task)
  else buffers.free(frame, task)
  return looks === 0
}

/** Gives every free buffer of the cache a block from 900,000 on, so that the next one needs a new page. */
function* useUpFree(m: SmallMachine, task: Task): Path<number[]> {
  const taken: number[] = []
  for (let block = 900_000; m.kernel.buffers.length[BufferList.free]! > 0; block++) {
    taken.push(yield* m.kernel.io.getblk(task, block))
  }
  return taken
}

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
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
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
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
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
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
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

describe('bforget that recycles', () => {
  it('puts a buffer that nobody else uses on the free list, where its page can be freed', () => {
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
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
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
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
    const m = smallMachine()
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
      const size = kernel.buffers.buffers
      for (let block = 5000; block < 5100; block++) {
        forget(m, task, yield* kernel.io.getblk(task, block))
      }
      expect(kernel.buffers.buffers).toBe(size + 4)
    })
  })
})

describe('bforget that orphans', () => {
  it('abandons the buffer: on no list, not hashed, its use count left, its page never freeable', () => {
    const m = smallMachine({ bforget: 'orphan' })
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
    const m = smallMachine({ bforget: 'orphan' })
    const { kernel } = m
    run(m, function* (task) {
      yield* useUpFree(m, task)
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
    const m = smallMachine({ bforget: 'orphan' })
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
    const m = smallMachine({ bforget: 'orphan' })
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

describe('any mixture', () => {
  it.each([
    ['recycle', 1],
    ['recycle', 2],
    ['orphan', 1],
    ['orphan', 2],
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
            else if (random.chance(0.3) && !(bforget === 'orphan' && others))
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
      // All uses have been given back but those of the orphans.
      const inUse = liveBuffers(kernel).filter((buffer) => buffers.usersOf(buffer) > 0)
      expect(inUse.length).toBe(buffers.orphaned)
      expect(buffers.orphaned > 0).toBe(bforget === 'orphan')
    },
  )
})

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
        kernel.buffers.snapshot()
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
      expect(totals[BufferState.clean]).toBe(kernel.buffers.length[BufferList.clean])
      expect(totals[BufferState.orphaned]).toBe(1)
      kernel.buffers.unlock(locked)
      release(m, task, locked)
    })
  })
})
