import { describe, expect, it } from 'vitest'
import { spaceOf } from '../mm/address-space'
import { wrongWithMemory } from '../mm/frame-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from '../mm/page-frames'
import type { Image } from './program'
import { pass, run, runAll, smallMachine, start } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'
import { finish, Op } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import { pageKB, installed, execAndTouch, inChild } from './processes.test-support'

describe('memory of a process', () => {
  it('is shared with a child until that writes or runs another program', () => {
    const m = smallMachine()
    const { frames } = m.kernel
    const tool = installed(m)
    run(m, function* (task) {
      yield* m.kernel.memory.grow(task, 50)
      expect(spaceOf(task)?.resident).toBe(50)
      const anonymous = frames.total[FrameUse.anonymous]!
      yield* inChild(m, task, function* (child) {
        expect(spaceOf(child)?.entries).toEqual(spaceOf(task)?.entries)
        expect(frames.total[FrameUse.anonymous]).toBe(anonymous)
        expect(wrongWithMemory(m.kernel)).toEqual([])
        yield* m.kernel.memory.copyOnWrite(child)
        expect(frames.total[FrameUse.anonymous]).toBe(anonymous + 6)
        expect(spaceOf(child)?.resident).toBe(50)
        expect(wrongWithMemory(m.kernel)).toEqual([])
        yield* execAndTouch(m, child, tool)
        expect(frames.total[FrameUse.anonymous]).toBe(anonymous + 14)
        expect(wrongWithMemory(m.kernel)).toEqual([])
      })
      expect(frames.total[FrameUse.anonymous]).toBe(anonymous)
      expect(spaceOf(task)?.resident).toBe(50)
    })
    expect(frames.total[FrameUse.anonymous]).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('after exec is mapped and not there; what the program touches is', () => {
    const m = smallMachine()
    const { frames, processes } = m.kernel
    const tool = installed(m)
    run(m, function* (task) {
      const image = yield* processes.exec(task, tool)
      const space = spaceOf(task)!
      expect([space.size, space.resident, space.missing]).toEqual([44, 0, 0])
      expect(task.command).toBe('tool')
      expect([space.areaOf(0), space.areaOf(23)].map(({ filePage }) => filePage)).toEqual([0, 20])
      expect(space.areaOf(23).file === tool.file).toBe(true)
      expect(space.areaOf(24).file === undefined).toBe(true)
      // Text, data, and the same of its interpreter.
      expect([tool.file.users, tool.interpreter.file.users]).toEqual([2, 2])
      const touch = { area: image.text, from: 5, pages: 3, writes: false }
      yield* m.kernel.memory.faults.touch(task, [touch])
      expect([space.resident, space.entries.findIndex((entry) => entry >= 0)]).toEqual([3, 5])
      const anonymous = frames.total[FrameUse.anonymous]!
      yield* m.kernel.memory.faults.touch(task, [{ ...touch, area: image.data, from: 0 }])
      expect(frames.total[FrameUse.anonymous]).toBe(anonymous)
      yield* m.kernel.memory.faults.touch(task, [
        { area: image.data, from: 0, pages: 4, writes: true },
        { area: image.bss, from: 0, pages: 6, writes: true },
      ])
      expect(space.resident).toBe(13)
      expect(frames.total[FrameUse.anonymous]).toBe(anonymous + 10)
      expect(wrongWithMemory(m.kernel)).toEqual([])
    })
    expect([tool.file.users, tool.interpreter.file.users]).toEqual([0, 0])
  })

  it('is copied at the first write of whoever writes first; the other has it for itself', () => {
    const m = smallMachine({ cpus: 1 })
    const { frames, memory } = m.kernel
    run(m, function* (task) {
      yield* memory.grow(task, 10)
      const area = spaceOf(task)!.areaOf(0)
      const writes = { area, from: 0, pages: 10, writes: true }
      const anonymous = frames.total[FrameUse.anonymous]!
      yield* inChild(m, task, function* (child) {
        yield* memory.faults.touch(child, [writes])
        expect(frames.total[FrameUse.anonymous]).toBe(anonymous + 10)
      })
      const { faults } = memory.faults
      yield* memory.faults.touch(task, [writes])
      // Found out page by page, and no page more.
      expect(memory.faults.faults - faults).toBeLessThanOrEqual(10)
      expect(frames.total[FrameUse.anonymous]).toBe(anonymous)
      const before = memory.faults.faults
      yield* memory.faults.touch(task, [writes])
      expect(memory.faults.faults).toBe(before)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('costs a copy, a clearing or nothing but the fault, page by page', () => {
    const m = smallMachine({ cpus: 1 })
    const { cost, memory } = m.kernel
    run(m, function* (task) {
      const area = spaceOf(task)!.map(8)
      const writes = { area, from: 0, pages: 8, writes: true }
      const cycles = function* (): Path<number> {
        yield Op.run
        yield* memory.faults.touch(task, [writes])
        return task.pending
      }
      const cleared = cost.freePage + 4096 * cost.clearPerByte
      expect(yield* cycles()).toBeCloseTo(8 * (cost.pageFault + cleared), -1)
      const copied = 4096 * cost.copyPerByte
      yield* inChild(m, task, function* (child) {
        yield Op.run
        yield* memory.faults.touch(child, [writes])
        // Three of them the parent has copied when it came out of fork.
        expect(child.pending).toBeCloseTo(8 * cost.pageFault + 5 * copied, -1)
      })
      yield* memory.faults.touch(task, [writes])
      expect(yield* cycles()).toBe(0)
    })
  })

  it('mapped is unmapped again, with what was touched of it', () => {
    const m = smallMachine()
    const { fs, frames, memoryCalls, memory } = m.kernel
    const file = fs.install(fs.root, 'data', 5 * pageKB * 1024)
    run(m, function* (task) {
      const area = memoryCalls.mmap(task, 5, file)
      const behind = memoryCalls.brk(task, 2)
      yield* memory.faults.touch(task, [{ area, from: 0, pages: 3, writes: false }])
      yield* memory.faults.touch(task, [{ area, from: 3, pages: 1, writes: true }])
      yield* memory.faults.touch(task, [{ area: behind, from: 0, pages: 2, writes: true }])
      const [anonymous, space] = [frames.total[FrameUse.anonymous]!, spaceOf(task)!]
      expect([space.resident, file.users]).toEqual([6, 1])
      yield* finish(memoryCalls.munmap(task, area))
      expect([space.resident, file.users]).toEqual([2, 0])
      expect(frames.total[FrameUse.anonymous]).toBe(anonymous - 1)
      expect(wrongWithMemory(m.kernel)).toEqual([])
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('text is read in clusters of 16 pages, once, and then shared by all', () => {
    const m = smallMachine({ cpus: 4 })
    const { disk } = m.kernel
    const tool = installed(m)
    const tools = (task: Task): Path<Image> => execAndTouch(m, task, tool)
    run(m, tools)
    expect(tool.file.pages).toBe(30)
    expect(tool.interpreter.file.pages).toBe(16)
    // Two clusters of the program, one of the interpreter; indirect blocks, inodes and a directory
    // beside them.
    const blocks = disk.sectorsRead / 2
    expect(blocks).toBeGreaterThanOrEqual(46 * pageKB)
    expect(blocks).toBeLessThan(46 * pageKB + 8)
    const major = m.kernel.memory.faults.majorFaults
    expect(major).toBeGreaterThan(0)
    const minor = m.kernel.memory.faults.faults
    runAll(m, [tools, tools, tools, tools])
    expect(disk.sectorsRead / 2).toBe(blocks)
    expect(m.kernel.memory.faults.majorFaults).toBe(major)
    expect(m.kernel.memory.faults.faults - minor).toBe(4 * 44)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('of four programs that start together is read once', () => {
    const m = smallMachine({ cpus: 4 })
    const { disk } = m.kernel
    const tool = installed(m)
    const tools = (task: Task): Path<Image> => execAndTouch(m, task, tool)
    runAll(m, [tools, tools, tools, tools])
    expect(disk.sectorsRead / 2).toBeLessThan(46 * pageKB + 8)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('counts as swapped out when the process could run and none of it is in memory', () => {
    const m = smallMachine({ cpus: 1, memoryMB: 20 })
    const { processes, dispatcher, reclaim } = m.kernel
    const queue = new WaitQueue()
    let sleeper: Task | undefined
    start(m, function* (task) {
      sleeper = task
      yield* m.kernel.memory.grow(task, 20)
      yield* m.kernel.timer.sleepUntilWoken(task, queue, 1e12)
      yield* processes.compute(task, 450)
    })
    pass(m, 0.1)
    run(m, function* (task) {
      for (let times = 0; ((sleeper && spaceOf(sleeper))?.resident ?? 0) > 0; times++) {
        expect(times).toBeLessThan(10)
        yield* reclaim.tryToFreePages(task, true)
      }
      expect(processes.swappedOut).toBe(0)
      dispatcher.wakeUp(queue)
      expect(processes.swappedOut).toBe(1)
    })
    pass(m, 1)
    expect(processes.swappedOut).toBe(0)
    expect(m.kernel.memory.faults.majorFaults).toBe(20)
    expect(m.kernel.swap.inUse).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('goes back when the process is killed for want of memory, and its parent is told', () => {
    const m = smallMachine({ memoryMB: 17, swapMB: 1 })
    const { frames, reclaim } = m.kernel
    const free = frames.free
    let reached = false
    run(m, function* (task) {
      const status = yield* inChild(m, task, function* (child) {
        yield* m.kernel.memory.grow(child, 5000)
        reached = true
      })
      expect(status).toBe(9)
    })
    expect(reached).toBe(false)
    expect(m.kernel.memory.faults.kills).toBe(1)
    expect(reclaim.outOfMemory).toBe(1)
    // What was under way when it ended stays in the swap cache until the clock comes by.
    const left = frames.total[FrameUse.swapCache]!
    expect([frames.free + left, m.kernel.swap.inUse]).toEqual([free, left])
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('comes and goes without a trace, round after round', () => {
    const m = smallMachine({ cpus: 4 })
    const { processes, frames } = m.kernel
    const tool = installed(m)
    const round = (): unknown => {
      run(m, function* (task) {
        for (let index = 0; index < 10; index++) {
          yield* processes.fork(task, function* (child) {
            yield* m.kernel.memory.copyOnWrite(child)
            yield* execAndTouch(m, child, tool)
            yield* m.kernel.memory.grow(child, 20)
            yield* processes.compute(child, 100_000)
          })
        }
        while ((yield* processes.wait(task)) !== undefined);
      })
      return [
        [...frames.total],
        processes.all.size,
        m.kernel.dispatcher.scheduler.enrolled,
        m.kernel.cache.inUse,
        [...m.kernel.reclaim.spaces].length,
        m.tree['nodes'],
      ]
    }
    round()
    const second = round()
    for (let times = 0; times < 5; times++) expect(round()).toEqual(second)
    pass(m, 1)
    expect(wrongWith(m.kernel)).toEqual([])
  })
})
