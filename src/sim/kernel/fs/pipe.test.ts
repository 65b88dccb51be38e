import { describe, expect, it } from 'vitest'
import { wrongWith } from '../kernel-invariants.test-support'
import type { SmallMachine } from '../small-machine.test-support'
import { run, smallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { PipeEnds } from './file-calls'
import { Readiness } from './files'

function* open(m: SmallMachine, task: Task): Path<PipeEnds> {
  const ends = yield* m.calls.pipe(task)
  if (typeof ends === 'number') throw new Error(`pipe() is refused: ${ends}`)
  return ends
}

/** A child with the pipe's other end closed, as a shell's is. */
function* child(m: SmallMachine, parent: Task, unused: number, body: (task: Task) => Path): Path {
  yield* m.kernel.processes.fork(parent, function* (task) {
    yield* m.calls.close(task, unused)
    yield* body(task)
  })
}

/** Reads to the end. Returns what each read gave. */
function* readAll(m: SmallMachine, task: Task, file: number, bytes: number): Path<number[]> {
  const got: number[] = []
  for (;;) {
    got.push(yield* m.calls.read(task, file, bytes))
    if (got[got.length - 1] === 0) return got
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

describe('a pipe', () => {
  it('hands on every byte, to the end, and then says that it is the end', () => {
    for (const [written, pieces, reads] of [
      [100, 1, 4096],
      [4096, 3, 4096],
      [10_000, 2, 1000],
      [700, 9, 4096],
    ] as const) {
      const m = smallMachine()
      const got = run(m, function* (task) {
        const { reads: from, writes: to } = yield* open(m, task)
        yield* child(m, task, from, function* (writer) {
          for (let times = 0; times < pieces; times++) {
            expect(yield* m.calls.write(writer, to, written)).toBe(written)
          }
        })
        yield* m.calls.close(task, to)
        const all = yield* readAll(m, task, from, reads)
        yield* m.calls.close(task, from)
        yield* m.kernel.processes.wait(task)
        return all
      })
      expect(sum(got)).toBe(written * pieces)
      expect(Math.max(...got)).toBeLessThanOrEqual(Math.min(reads, 4096))
      expect(m.kernel.pipes.open).toBe(0)
      expect(wrongWith(m.kernel)).toEqual([])
    }
  })

  it('holds a page: who writes more waits for who reads', () => {
    const m = smallMachine()
    run(m, function* (task) {
      const { reads, writes } = yield* open(m, task)
      let written = false
      yield* child(m, task, reads, function* (writer) {
        yield* m.calls.write(writer, writes, 4096)
        yield* m.calls.write(writer, writes, 1)
        written = true
      })
      yield* m.calls.close(task, writes)
      yield* m.kernel.timer.sleepUntilWoken(task, task.childExit, 50_000_000)
      expect(written).toBe(false)
      expect(yield* m.calls.read(task, reads, 4096)).toBe(4096)
      yield* m.kernel.processes.wait(task)
      expect(written).toBe(true)
      expect(yield* m.calls.read(task, reads, 4096)).toBe(1)
      expect(yield* m.calls.read(task, reads, 4096)).toBe(0)
    })
  })

  it('a write of up to a page is not mixed with another', () => {
    const m = smallMachine({ cpus: 4 })
    run(m, function* (task) {
      const { reads, writes } = yield* open(m, task)
      for (let writer = 0; writer < 3; writer++) {
        yield* child(m, task, reads, function* (by) {
          for (let times = 0; times < 20; times++) yield* m.calls.write(by, writes, 3000)
        })
      }
      yield* m.calls.close(task, writes)
      // A page has no room for a second one: each read takes one whole.
      const got = yield* readAll(m, task, reads, 4096)
      expect(got).toEqual([...Array.from({ length: 60 }, () => 3000), 0])
      while ((yield* m.kernel.processes.wait(task)) !== undefined);
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('a write that nobody can read any more ends short', () => {
    const m = smallMachine()
    run(m, function* (task) {
      const { reads, writes } = yield* open(m, task)
      let taken = -1
      yield* child(m, task, reads, function* (writer) {
        taken = yield* m.calls.write(writer, writes, 10_000)
      })
      yield* m.kernel.timer.sleepUntilWoken(task, task.childExit, 50_000_000)
      expect(taken).toBe(-1)
      yield* m.calls.close(task, reads)
      yield* m.kernel.processes.wait(task)
      expect(taken).toBe(4096)
      yield* m.calls.close(task, writes)
    })
    expect(m.kernel.pipes.open).toBe(0)
  })

  it('is refused at the limit of descriptors, and leaves nothing behind', () => {
    const m = smallMachine()
    m.kernel.descriptors.tables.perProcess = 4
    run(m, function* (task) {
      expect(yield* m.calls.pipe(task)).toBe(-24)
      expect(task.files?.open).toBe(3)
    })
    expect(m.kernel.pipes.open).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('poll says what would not wait', () => {
    const m = smallMachine()
    run(m, function* (task) {
      const { reads, writes } = yield* open(m, task)
      const polls = (): number[] =>
        [reads, writes].map((end) => m.kernel.descriptors.fileAt(task, end).poll())
      expect(polls()).toEqual([0, 4])
      yield* m.calls.write(task, writes, 10)
      expect(polls()).toEqual([1, 0])
      yield* m.calls.read(task, reads, 10)
      expect(polls()).toEqual([0, 4])
    })
  })

  it('wakes who selects an end when the other one is used, or is closed', () => {
    const m = smallMachine()
    const { selects } = m.kernel
    const forever = 1e12
    run(m, function* (task) {
      const { reads, writes } = yield* open(m, task)
      yield* m.calls.write(task, writes, 10)
      yield* child(m, task, writes, function* (reader) {
        yield* m.kernel.timer.sleepUntilWoken(reader, new WaitQueue(), 1e9)
        yield* m.calls.read(reader, reads, 10)
      })
      const forRoom = selects.set()
      selects.watch(task, forRoom, writes, Readiness.writable)
      expect(yield* selects.select(task, forRoom, 0)).toBe(0)
      expect(yield* selects.select(task, forRoom, forever)).toBe(1)
      yield* child(m, task, reads, function* (writer) {
        yield* m.kernel.timer.sleepUntilWoken(writer, new WaitQueue(), 1e9)
        yield* m.calls.write(writer, writes, 10)
      })
      yield* m.calls.close(task, writes)
      const forBytes = selects.set()
      selects.watch(task, forBytes, reads, Readiness.readable)
      expect(yield* selects.select(task, forBytes, 0)).toBe(0)
      expect(yield* selects.select(task, forBytes, forever)).toBe(1)
      yield* m.calls.read(task, reads, 10)
      // The child has ended meanwhile or ends now: nobody can write any more.
      expect(yield* selects.select(task, forBytes, forever)).toBe(1)
      expect(yield* m.calls.read(task, reads, 10)).toBe(0)
      while ((yield* m.kernel.processes.wait(task)) !== undefined);
    })
  })
})

describe('dup2', () => {
  it('makes a descriptor stand for another file, and closes what it stood for', () => {
    const m = smallMachine()
    run(m, function* (task) {
      const { reads, writes } = yield* open(m, task)
      yield* m.calls.dup2(task, writes, 1)
      yield* m.calls.close(task, writes)
      expect(yield* m.calls.write(task, 1, 20)).toBe(20)
      expect(yield* m.calls.read(task, reads, 100)).toBe(20)
      yield* m.calls.dup2(task, reads, 1)
      expect(yield* m.calls.read(task, 1, 100)).toBe(0)
      yield* m.calls.close(task, reads)
      yield* m.calls.close(task, 1)
    })
    expect(m.kernel.pipes.open).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })
})
