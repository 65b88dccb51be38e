import { describe, expect, it } from 'vitest'
import { spaceOf } from './address-space'
import { wrongWithMemory } from './frame-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse, noFrame } from './page-frames'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine } from '../small-machine.test-support'
import { noSlot } from './swap'
import type { Path, Task } from '../sched/task'

/** Writes so many pages to slots next to each other. Returns the slots. */
function* writeOut(m: SmallMachine, task: Task, count: number): Path<number[]> {
  const { frames, swap } = m.kernel
  const slots: number[] = []
  for (let page = 0; page < count; page++) {
    const frame = frames.take(FrameUse.anonymous)
    const slot = swap.takeSlot()
    slots.push(slot)
    yield* swap.writeOut(task, frame, slot)
  }
  return slots
}

// eslint-disable-next-line require-yield
function* takeFrame(m: SmallMachine): Path<number> {
  return m.kernel.frames.take(FrameUse.swapCache)
}

// A program takes two frames while it runs, its task structure and stack.

const readIn = (m: SmallMachine, task: Task, slot: number): Path<number> =>
  m.kernel.swap.readIn(task, slot, () => takeFrame(m))

describe('slots', () => {
  it('are handed out next to each other, in a ring, each once', () => {
    const m = smallMachine({ swapMB: 1 })
    const { swap } = m.kernel
    expect(swap.slots).toBe(256)
    expect([swap.takeSlot(), swap.takeSlot(), swap.takeSlot()]).toEqual([0, 1, 2])
    swap.freeSlot(1)
    const rest = Array.from({ length: 254 }, () => swap.takeSlot())
    expect(rest).toEqual([...Array.from({ length: 253 }, (_, at) => at + 3), 1])
    expect(swap.inUse).toBe(256)
    expect(swap.takeSlot()).toBe(noSlot)
    swap.freeSlot(77)
    expect(swap.takeSlot()).toBe(77)
  })
})

describe('a page', () => {
  it('that is written out leaves memory when it has been written', () => {
    const m = smallMachine()
    const { frames, swap, disk } = m.kernel
    const free = frames.free
    run(m, function* (task) {
      yield* writeOut(m, task, 10)
      expect([frames.free, swap.underWay, swap.inUse]).toEqual([free - 2 - 10, 10, 10])
      expect(frames.total[FrameUse.swapCache]).toBe(10)
    })
    pass(m, 0.2)
    expect([frames.free, swap.underWay, swap.inUse]).toEqual([free, 0, 10])
    expect(swap.pagesOut).toBe(10)
    expect(disk.sectorsWritten).toBe(80)
    // What lies together goes together.
    expect(disk.writes).toBe(1)
  })

  it('is read back with the used slots of its cluster, which then wait in the swap cache', () => {
    const m = smallMachine()
    const { frames, swap, disk } = m.kernel
    const free = frames.free
    run(m, (task) => writeOut(m, task, 40))
    pass(m, 0.5)
    swap.freeSlot(20)
    run(m, function* (task) {
      const frame = yield* readIn(m, task, 18)
      expect(frames.useOf(frame)).toBe(FrameUse.anonymous)
      expect(frames.isLocked(frame)).toBe(false)
      // Slots 16 to 31 but 20.
      expect(swap.pagesIn).toBe(15)
      expect(frames.total[FrameUse.swapCache]).toBe(14)
      expect(swap.inUse).toBe(38)
      for (const slot of [16, 17, 19, 31]) {
        const near = yield* readIn(m, task, slot)
        expect(frames.useOf(near)).toBe(FrameUse.anonymous)
        frames.drop(near)
      }
      expect(disk.sectorsRead).toBe(15 * 8)
      expect(swap.pagesIn).toBe(15)
      frames.drop(frame)
    })
    for (let slot = 0; slot < 40; slot++) if (swap['used'][slot] !== 0) swap.freeSlot(slot)
    expect([frames.free, swap.inUse]).toEqual([free, 0])
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('that is wanted while it is on its way out stays, and is not read', () => {
    const m = smallMachine()
    const { frames, swap } = m.kernel
    const free = frames.free
    run(m, function* (task) {
      const frame = frames.take(FrameUse.anonymous)
      const slot = swap.takeSlot()
      yield* swap.writeOut(task, frame, slot)
      expect(yield* readIn(m, task, slot)).toBe(frame)
      expect(frames.useOf(frame)).toBe(FrameUse.anonymous)
      frames.drop(frame)
    })
    expect([swap.pagesOut, swap.pagesIn, swap.inUse, swap.underWay]).toEqual([1, 0, 0, 0])
    expect(frames.free).toBe(free)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('whose process ends while it is under way is freed when that is done', () => {
    const m = smallMachine()
    const { frames, swap } = m.kernel
    const free = frames.free
    run(m, function* (task) {
      const slots = yield* writeOut(m, task, 5)
      for (const slot of slots) swap.freeSlot(slot)
      expect(swap.inUse).toBe(0)
      expect(frames.free).toBe(free - 2 - 5)
      expect(wrongWithMemory(m.kernel)).toEqual([])
    })
    pass(m, 0.2)
    expect(frames.free).toBe(free)
    expect(swap.underWay).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('of the swap cache can be dropped and is read again later', () => {
    const m = smallMachine()
    const { frames, swap } = m.kernel
    run(m, (task) => writeOut(m, task, 16))
    pass(m, 0.2)
    run(m, function* (task) {
      frames.drop(yield* readIn(m, task, 3))
      const cached = swap['cachedFrame'][4]!
      expect(cached).not.toBe(noFrame)
      swap.dropCached(cached)
      expect(() => {
        swap.dropCached(cached)
      }).toThrow(/not in the swap cache/)
      expect(swap.inUse).toBe(15)
      frames.drop(yield* readIn(m, task, 4))
      expect(swap.inUse).toBe(14)
    })
  })
})

describe('processes that are larger than memory', () => {
  it('go to swap page by page and come back, and nothing is lost', () => {
    const m = smallMachine({ memoryMB: 18, cpus: 2 })
    const { kernel } = m
    const { processes, frames, swap } = kernel
    const free = frames.free
    // 700 pages each in 1,024, one after the other.
    const life = (turn: number) =>
      function* (task: Task): Path {
        yield* m.kernel.memory.grow(task, 700)
        for (let times = 0; times < 4; times++) {
          yield* kernel.timer.sleepUntilWoken(task, task.childExit, (3 + 3 * turn) * 1e9)
          yield* processes.compute(task, 4_500_000)
          const { entries, resident } = spaceOf(task)!
          expect(entries).toHaveLength(700)
          expect(resident).toBeGreaterThan(350)
        }
      }
    let looks = 0
    runAll(m, [life(0), life(1)], () => {
      if (looks++ % 20 === 0) expect(wrongWithMemory(kernel)).toEqual([])
    })
    expect(swap.pagesOut).toBeGreaterThan(700)
    expect(swap.pagesIn).toBeGreaterThan(700)
    expect(m.kernel.memory.faults.kills).toBe(0)
    expect(m.kernel.memory.faults.majorFaults).toBeGreaterThan(500)
    pass(m, 1)
    expect([swap.inUse, swap.underWay]).toEqual([0, 0])
    expect(frames.free).toBe(free)
    expect(wrongWith(kernel)).toEqual([])
  })
})
