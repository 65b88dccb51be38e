import { describe, expect, it } from 'vitest'
import { spaceOf } from '../mm/address-space'
import { wrongWithMemory } from '../mm/frame-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from '../mm/page-frames'
import type { Area } from '../mm/address-space'
import type { Touch } from '../mm/faults'
import type { Executable, Image, Interpreter } from './program'
import { Mode } from '../../observe/call-tree'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine, start } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'

const pageKB = 4

/** A program of 20 pages of text, 4 of data and 6 of bss, on disk, and its interpreter. */
function installed(m: SmallMachine): Executable & { readonly interpreter: Interpreter } {
  const { fs } = m.kernel
  return {
    program: {
      name: 'tool',
      image: '/bin/tool',
      textPages: 20,
      dataPages: 4,
      bssPages: 6,
      workingSetKB: 32,
    },
    file: fs.install(fs.root, 'tool', 30 * pageKB * 1024),
    main: m.tree.declare('/bin/tool', 'main', Mode.user),
    interpreter: {
      file: fs.install(fs.root, 'ld.so', 22 * pageKB * 1024),
      textPages: 10,
      dataPages: 2,
    },
  }
}

/** Runs a program and goes through all that is mapped: text is read, the rest written. */
function* execAndTouch(m: SmallMachine, task: Task, tool: Executable): Path<Image> {
  const image = yield* m.kernel.processes.exec(task, tool)
  const { text, interpreterText, data, bss, stack, interpreterData } = image
  const all = (writes: boolean, areas: readonly (Area | undefined)[]): Touch[] =>
    areas.flatMap((area) => (area ? [{ area, from: 0, pages: area.pages, writes }] : []))
  yield* m.kernel.memory.faults.touch(task, [
    ...all(false, [text, interpreterText]),
    ...all(true, [data, bss, stack, interpreterData]),
  ])
  return image
}

/** The parent forks a child that does `body`, and waits for it. Returns the child's exit status. */
function* inChild(m: SmallMachine, task: Task, body: (child: Task) => Path): Path<number> {
  const { processes } = m.kernel
  const child = yield* processes.fork(task, body)
  if (!child) throw new Error('no memory for a child')
  const status = yield* processes.wait(task)
  if (status === undefined) throw new Error('no child to wait for')
  return status
}

describe('fork, exit and wait', () => {
  it('the child runs, the parent learns its status, and nothing of it is left', () => {
    const m = smallMachine()
    const { processes, frames } = m.kernel
    const before = [processes.all.size, frames.free]
    const ran: string[] = []
    run(m, function* (task) {
      for (const status of [0, 3]) {
        const seen = yield* inChild(m, task, function* (child) {
          ran.push(`child of ${child.parent?.pid === task.pid ? 'parent' : 'nobody'}`)
          child.exitStatus = status
          yield* processes.compute(child, 1000)
        })
        expect(seen).toBe(status)
        expect(task.children).toEqual([])
      }
      expect(yield* processes.wait(task)).toBeUndefined()
    })
    expect(ran).toEqual(['child of parent', 'child of parent'])
    expect(processes.forks).toBe(2)
    expect([processes.all.size, frames.free]).toEqual(before)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('waiting lasts until a child ends, and takes each child once', () => {
    const m = smallMachine({ cpus: 4 })
    const { processes } = m.kernel
    run(m, function* (task) {
      const began = m.engine.now
      for (const milliseconds of [30, 10, 20]) {
        yield* processes.fork(task, function* (child) {
          child.exitStatus = milliseconds
          yield* processes.compute(child, milliseconds * 450_000)
        })
      }
      const ends: [number | undefined, number][] = []
      for (let times = 0; times < 3; times++) {
        const status = yield* processes.wait(task)
        ends.push([status, Math.floor((m.engine.now - began) / 1e7)])
      }
      expect(ends).toEqual([
        [10, 1],
        [20, 2],
        [30, 3],
      ])
      expect(yield* processes.wait(task)).toBeUndefined()
    })
  })

  it('a zombie keeps its task structure until it is waited for, and no memory', () => {
    const m = smallMachine()
    const { processes, frames } = m.kernel
    run(m, function* (task) {
      const free = frames.free
      let child: Task | undefined
      yield* processes.fork(task, function* (self) {
        child = self
        yield* m.kernel.memory.grow(self, 100)
      })
      yield* m.kernel.timer.sleepUntilWoken(task, task.childExit, 50_000_000)
      yield* processes.compute(task, 4_500_000)
      expect(child?.state).toBe(TaskState.zombie)
      expect(child?.mm).toBeUndefined()
      expect(frames.free).toBe(free - 2)
      yield* processes.wait(task)
      expect(frames.free).toBe(free)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('shares the quantum, so that forking earns no CPU time', () => {
    const m = smallMachine({ cpus: 1 })
    const { processes, dispatcher } = m.kernel
    const { scheduler } = dispatcher
    run(m, function* (task) {
      const before = scheduler.counterOf(task)
      const child = yield* processes.fork(task, (self) => processes.compute(self, 1000))
      expect(scheduler.counterOf(task) + scheduler.counterOf(child!)).toBe(before)
      yield* processes.wait(task)
      expect(scheduler.counterOf(task)).toBe(before)
    })
  })

  it('is refused when there is no memory for another task', () => {
    const m = smallMachine({ memoryMB: 16 })
    const { processes, frames } = m.kernel
    run(m, function* (task) {
      const hoard: number[] = []
      while (frames.free > 1) hoard.push(frames.take(FrameUse.kernel))
      expect(yield* processes.fork(task, (child) => processes.compute(child, 1))).toBeUndefined()
      expect(task.children).toEqual([])
      for (const frame of hoard) frames.drop(frame)
    })
    expect(processes.forks).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

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
      expect([space.entries.length, space.resident, space.missing]).toEqual([44, 0, 0])
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
      yield* memoryCalls.munmap(task, area)
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
    expect(frames.free).toBe(free)
    expect(m.kernel.swap.inUse).toBe(0)
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

describe('threads', () => {
  it('have the memory and the descriptors of their process, and the last one gives them back', () => {
    const m = smallMachine({ cpus: 2 })
    const { kernel } = m
    const { processes, memory, calls, fs, frames } = kernel
    const free = frames.free
    const seen: unknown[] = []
    run(m, function* (task) {
      yield* memory.grow(task, 10)
      const space = spaceOf(task)
      let opened = -1
      const thread = yield* processes.clone(task, function* (other) {
        expect(spaceOf(other)).toBe(space)
        expect(wrongWith(kernel)).toEqual([])
        yield* memory.grow(other, 5)
        opened = yield* calls.open(other, fs.root, 'notes', 'create')
        yield* calls.write(other, opened, 300)
        other.exitStatus = 7
        yield* processes.compute(other, 1000)
      })
      seen.push(thread?.parent === task, space?.users)
      seen.push(yield* processes.wait(task), space?.users, space?.entries.length, space?.resident)
      // What the thread has opened is open here.
      seen.push(yield* calls.write(task, opened, 100))
      yield* calls.close(task, opened)
      expect(wrongWith(kernel)).toEqual([])
    })
    expect(seen).toEqual([true, 2, 7, 1, 15, 15, 100])
    expect([kernel.reclaim.spaces.size, kernel.descriptors.system.used]).toEqual([0, 0])
    pass(m, 60)
    expect(wrongWith(kernel)).toEqual([])
    expect(frames.total[FrameUse.anonymous]).toBe(0)
    expect(frames.free).toBeLessThanOrEqual(free)
  })

  it('outlive the one that made them', () => {
    const m = smallMachine({ cpus: 2 })
    const { processes, memory, reclaim } = m.kernel
    let pages = 0
    run(m, function* (task) {
      yield* memory.grow(task, 10)
      yield* processes.clone(task, function* (thread) {
        yield* processes.compute(thread, 90_000_000)
        pages = spaceOf(thread)?.resident ?? 0
      })
    })
    expect([pages, reclaim.spaces.size]).toEqual([0, 1])
    pass(m, 1)
    expect([pages, reclaim.spaces.size]).toEqual([10, 0])
  })

  it('bring each page back from swap once, whichever of them needs it', () => {
    const m = smallMachine({ memoryMB: 18, cpus: 2 })
    const { kernel } = m
    const { processes, memory, swap, timer } = kernel
    const compute = function* (task: Task): Path {
      for (let times = 0; times < 4; times++) {
        yield* timer.sleepUntilWoken(task, task.childExit, 1e9)
        yield* processes.compute(task, 45_000_000)
      }
    }
    const body = function* (task: Task): Path {
      yield* memory.grow(task, 600)
      for (let count = 0; count < 3; count++) yield* processes.clone(task, compute)
      yield* compute(task)
      while ((yield* processes.wait(task)) !== undefined);
    }
    let looks = 0
    runAll(m, [body, body], () => {
      if (looks++ % 20 === 0) expect(wrongWithMemory(kernel)).toEqual([])
    })
    expect(swap.pagesIn).toBeGreaterThan(300)
    expect(memory.faults.kills).toBe(0)
    expect([swap.inUse, kernel.reclaim.spaces.size]).toEqual([0, 0])
    expect(wrongWith(kernel)).toEqual([])
  })
})
