import { describe, expect, it } from 'vitest'
import { spaceOf } from '../mm/address-space'
import { wrongWithMemory } from '../mm/frame-invariants.test-support'
import { wrongWith } from '../kernel-invariants.test-support'
import { FrameUse } from '../mm/page-frames'
import { pass, run, runAll, smallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { inChild } from './processes.test-support'

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
      seen.push(yield* processes.wait(task), space?.users, space?.size, space?.resident)
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
    expect(kernel.reclaim.spaces.size).toBe(0)
    // What was read ahead and not asked for stays until shrink_mmap takes it.
    expect(swap.inUse).toBe(kernel.frames.total[FrameUse.swapCache])
    expect(wrongWith(kernel)).toEqual([])
  })
})
