import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { wrongWithMemory } from './frame-invariants.test-support'
import type { CachedInode } from './page-cache'
import { FrameUse, noFrame } from './page-frames'
import type { SmallMachine } from '../small-machine.test-support'
import { run, smallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'

const cachedInode = (slot: number): CachedInode => ({ slot, firstPage: noFrame, pages: 0 })

/** Does something as a task that waits for nothing. */
function as(m: SmallMachine, what: (task: Task) => void): void {
  // eslint-disable-next-line require-yield
  run(m, function* (task): Path {
    what(task)
  })
}

function addPage(m: SmallMachine, task: Task, inode: CachedInode, index: number): number {
  const frame = m.kernel.frames.take(FrameUse.pageCache)
  m.kernel.pages.add(frame, inode, index, task)
  return frame
}

describe('the page cache', () => {
  it('finds a page by inode and index, and notes that it was wanted', () => {
    const m = smallMachine()
    const { pages, frames } = m.kernel
    const [one, two] = [cachedInode(100), cachedInode(101)]
    as(m, (task) => {
      const frame = addPage(m, task, one, 5)
      expect(frames.isReferenced(frame)).toBe(true)
      frames.clearReferenced(frame)
      expect(pages.find(one, 5, task)).toBe(frame)
      expect(frames.isReferenced(frame)).toBe(true)
      expect(pages.find(one, 4, task)).toBe(noFrame)
      expect(pages.find(two, 5, task)).toBe(noFrame)
      expect([pages.pages, one.pages, two.pages]).toEqual([1, 1, 0])
      expect(pages.lookups).toBe(3)
    })
  })

  it('hashes as 2.2.5 does: consecutive pages in consecutive buckets', () => {
    const m = smallMachine()
    const inode = cachedInode(7)
    as(m, (task) => {
      for (let index = 0; index < 100; index++) addPage(m, task, inode, index)
    })
    const used = [...m.kernel.pages.chainLengths().entries()].filter(([, length]) => length > 0)
    expect(used).toHaveLength(100)
    // The address of slot 7 in the inode cache, by the lowest set bit of 336.
    const first = (7 * 336) / 16
    expect(used.map(([bucket]) => bucket)).toEqual(
      Array.from({ length: 100 }, (_, index) => (first + index) & 2047),
    )
    expect(m.kernel.pages.chain(first)).toEqual(['inode 7 page 0'])
  })

  it('a page that is removed frees its frame, unless it is mapped', () => {
    const m = smallMachine()
    const { pages, frames } = m.kernel
    const inode = cachedInode(100)
    as(m, (task) => {
      const [one, two] = [addPage(m, task, inode, 0), addPage(m, task, inode, 1)]
      frames.share(two)
      const free = frames.free
      pages.remove(one, task)
      expect(frames.free).toBe(free + 1)
      pages.remove(two, task)
      expect(frames.free).toBe(free + 1)
      expect(frames.usersOf(two)).toBe(1)
      expect([pages.pages, inode.pages, inode.firstPage]).toEqual([0, 0, noFrame])
      frames.drop(two)
    })
    expect(wrongWithMemory(m.kernel)).toEqual([])
  })

  it('truncation takes every page of one inode, and no other', () => {
    const m = smallMachine()
    const { pages } = m.kernel
    const [one, two] = [cachedInode(100), cachedInode(101)]
    as(m, (task) => {
      for (let index = 0; index < 20; index++) {
        addPage(m, task, one, index)
        addPage(m, task, two, index)
      }
      expect(pages.truncate(one, task)).toBe(noFrame)
      expect([one.pages, two.pages, pages.pages]).toEqual([0, 20, 20])
      expect(pages.find(one, 3, task)).toBe(noFrame)
      expect(pages.find(two, 3, task)).not.toBe(noFrame)
    })
    expect(wrongWithMemory(m.kernel)).toEqual([])
  })

  it('truncation leaves a page that is being read, and says which', () => {
    const m = smallMachine()
    const { pages, frames } = m.kernel
    const inode = cachedInode(100)
    as(m, (task) => {
      const cached = [0, 1, 2].map((index) => addPage(m, task, inode, index))
      frames.lock(cached[1]!)
      expect(pages.truncate(inode, task)).toBe(cached[1])
      expect(inode.pages).toBe(1)
      frames.unlock(cached[1]!)
      expect(pages.truncate(inode, task)).toBe(noFrame)
      expect(inode.pages).toBe(0)
    })
    expect(wrongWithMemory(m.kernel)).toEqual([])
  })

  it('a page that belongs to no inode cannot be removed', () => {
    const m = smallMachine()
    as(m, (task) => {
      const frame = m.kernel.frames.take(FrameUse.pageCache)
      m.kernel.frames.records[frame * 8 + 1] = 4711
      expect(() => {
        m.kernel.pages.remove(frame, task)
      }).toThrow(/belongs to no inode/)
      m.kernel.frames.drop(frame)
    })
  })

  it.each([1, 2])('is what a map of inode and index would be (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'pages')
    const m = smallMachine({ memoryMB: 20 })
    const { pages, frames } = m.kernel
    const inodes = Array.from({ length: 12 }, (_, index) => cachedInode(50 + index * 128))
    const model = new Map<string, number>()
    as(m, (task) => {
      for (let step = 0; step < 3000; step++) {
        const inode = inodes[random.below(inodes.length)]!
        const index = random.below(60)
        const name = `${inode.slot}:${index}`
        const known = model.get(name)
        expect(pages.find(inode, index, task)).toBe(known ?? noFrame)
        if (known === undefined) model.set(name, addPage(m, task, inode, index))
        else if (random.chance(0.6)) {
          pages.remove(known, task)
          model.delete(name)
        }
        if (random.chance(0.005)) {
          pages.truncate(inode, task)
          for (const key of [...model.keys()]) {
            if (key.startsWith(`${inode.slot}:`)) model.delete(key)
          }
        }
      }
    })
    expect(pages.pages).toBe(model.size)
    expect(frames.total[FrameUse.pageCache]).toBe(model.size)
    expect(wrongWithMemory(m.kernel)).toEqual([])
  })
})
