import { describe, expect, it } from 'vitest'
import { spaceOf } from '../mm/address-space'
import { wrongWithMemory } from '../mm/frame-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from '../mm/page-frames'
import type { Executable } from './program'
import { Mode } from '../../observe/call-tree'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine, start } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'

const pageKB = 4

/** A program of 20 pages of text, 10 of the library and 8 of data, on disk. */
function installed(m: SmallMachine): Executable {
  const { fs } = m.kernel
  return {
    program: {
      name: 'tool',
      image: '/bin/tool',
      textPages: 20,
      libraryPages: 10,
      dataPages: 8,
      workingSetKB: 32,
    },
    file: fs.install(fs.root, 'tool', 30 * pageKB * 1024),
    main: m.tree.declare('/bin/tool', 'main', Mode.user),
    library: fs.install(fs.root, 'libc.so', 40 * pageKB * 1024),
  }
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
    const { processes, frames } = m.kernel
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
        yield* processes.exec(child, tool)
        expect(frames.total[FrameUse.anonymous]).toBe(anonymous + 8)
        expect(wrongWithMemory(m.kernel)).toEqual([])
      })
      expect(frames.total[FrameUse.anonymous]).toBe(anonymous)
      expect(spaceOf(task)?.resident).toBe(50)
    })
    expect(frames.total[FrameUse.anonymous]).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('after exec is the text and library that a run touches, and its data', () => {
    const m = smallMachine()
    const { processes } = m.kernel
    const tool = installed(m)
    run(m, function* (task) {
      yield* processes.exec(task, tool)
      const space = spaceOf(task)
      expect([space?.filePages, space?.resident, space?.missing]).toEqual([30, 38, 0])
      expect(task.command).toBe('tool')
      expect(space?.fileOf(0)).toEqual({ inode: tool.file, index: 0 })
      expect(space?.fileOf(20)).toEqual({ inode: tool.library, index: 0 })
      expect(space?.fileOf(29)).toEqual({ inode: tool.library, index: 9 })
      expect(space?.fileOf(30)).toBeUndefined()
      expect([tool.file.users, tool.library.users]).toEqual([1, 1])
    })
    expect([tool.file.users, tool.library.users]).toEqual([0, 0])
  })

  it('text is read in clusters of 16 pages, once, and then shared by all', () => {
    const m = smallMachine({ cpus: 4 })
    const { processes, disk } = m.kernel
    const tool = installed(m)
    const tools = (task: Task): Path => processes.exec(task, tool)
    run(m, tools)
    expect(tool.file.pages).toBe(30)
    expect(tool.library.pages).toBe(16)
    // Two clusters of the program, one of the library; indirect blocks, inodes and a directory
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
    expect(m.kernel.memory.faults.faults - minor).toBe(4 * 38)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('of four programs that start together is read once', () => {
    const m = smallMachine({ cpus: 4 })
    const { processes, disk } = m.kernel
    const tool = installed(m)
    const tools = (task: Task): Path => processes.exec(task, tool)
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
            yield* processes.exec(child, tool)
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
        m.kernel.cache['released'].length,
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
