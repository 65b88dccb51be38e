import { describe, expect, it } from 'vitest'
import { tableAt } from './descriptors'
import { DescriptorError } from './descriptor-table'
import { wrongWith } from '../kernel-invariants.test-support'
import type { SmallMachine } from '../small-machine.test-support'
import { run, runAll, smallMachine } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'

const { noSuchFile, processFull, systemFull } = DescriptorError

const openNew = (m: SmallMachine, task: Task, name: string): Path<number> =>
  m.calls.open(task, m.kernel.fs.root, name, 'create')

describe('open and close', () => {
  it('give out descriptors after those of init, the lowest first, and count file structures', () => {
    const m = smallMachine()
    const { system } = m.kernel.descriptors
    run(m, function* (task) {
      expect([task.files?.open, system.open]).toEqual([3, 1])
      const opened: number[] = []
      for (const name of ['a', 'b', 'c']) opened.push(yield* openNew(m, task, name))
      expect([opened, system.open]).toEqual([[3, 4, 5], 4])
      yield* m.calls.close(task, 4)
      expect([yield* openNew(m, task, 'd'), system.open]).toEqual([4, 4])
      expect(wrongWith(m.kernel)).toEqual([])
    })
    expect(system.open).toBe(0)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('keep nothing of a file that is not there', () => {
    const m = smallMachine()
    const { system } = m.kernel.descriptors
    run(m, function* (task) {
      expect(yield* m.calls.open(task, m.kernel.fs.root, 'none')).toBe(noSuchFile)
      expect([task.files?.open, system.open]).toEqual([3, 1])
    })
  })

  it('fail with EMFILE at the limit of the process, before the name is looked up', () => {
    const m = smallMachine()
    const { tables } = m.kernel.descriptors
    run(m, function* (task) {
      tables.perProcess = 5
      expect(yield* openNew(m, task, 'a')).toBe(3)
      expect(yield* openNew(m, task, 'b')).toBe(4)
      expect(yield* openNew(m, task, 'c')).toBe(processFull)
      expect(yield* m.calls.open(task, m.kernel.fs.root, 'none')).toBe(processFull)
      expect(yield* m.calls.stat(task, m.kernel.fs.root, 'c')).toBeUndefined()
      yield* m.calls.close(task, 3)
      expect(yield* openNew(m, task, 'c')).toBe(3)
    })
    expect(tables.refused).toBe(2)
  })

  it('fail with ENFILE at the limit of the system, and root goes on with its ten', () => {
    const m = smallMachine()
    const { system } = m.kernel.descriptors
    run(m, function* (task) {
      system.set(16, 0)
      task.superuser = false
      for (let count = 0; count < 5; count++) expect(yield* openNew(m, task, 'a')).toBe(3 + count)
      expect(yield* openNew(m, task, 'a')).toBe(systemFull)
      expect(task.files?.open).toBe(8)
      task.superuser = true
      expect(yield* openNew(m, task, 'a')).toBe(8)
    })
    expect([system.refused, system.open]).toEqual([1, 0])
  })

  it('of a descriptor that is not open are a bug', () => {
    const m = smallMachine()
    expect(() => run(m, (task) => m.calls.close(task, 7))).toThrow(
      /descriptor 7, which is not open/,
    )
  })
})

describe('fork', () => {
  it('hands every open file on and makes no file structure: parent and child share the position', () => {
    const m = smallMachine()
    const { descriptors, processes } = m.kernel
    run(m, function* (task) {
      const file = yield* openNew(m, task, 'file')
      yield* m.calls.write(task, file, 1000)
      const before = descriptors.system.open
      yield* processes.fork(task, function* (child) {
        expect(child.files?.open).toBe(4)
        expect([descriptors.fileAt(child, file).users, descriptors.system.open]).toEqual([
          2,
          before,
        ])
        yield* m.calls.write(child, file, 500)
      })
      yield* processes.wait(task)
      expect([descriptors.fileAt(task, file).users, descriptors.system.open]).toEqual([1, before])
      yield* m.calls.write(task, file, 1)
      expect(yield* m.calls.stat(task, m.kernel.fs.root, 'file')).toBe(1501)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('gives the child a table of its own', () => {
    const m = smallMachine()
    const { descriptors, processes } = m.kernel
    run(m, function* (task) {
      const file = yield* openNew(m, task, 'file')
      yield* processes.fork(task, function* (child) {
        yield* m.calls.close(child, file)
        expect(yield* openNew(m, child, 'other')).toBe(file)
      })
      yield* processes.wait(task)
      expect(descriptors.fileAt(task, file).name).toBe('file')
    })
  })

  it('keeps a file that the parent closes for the child, unlinked or not', () => {
    const m = smallMachine()
    const { fs, processes, descriptors } = m.kernel
    const before = fs.blocks.inUse
    run(m, function* (task) {
      const file = yield* openNew(m, task, 'file')
      yield* m.calls.write(task, file, 3000)
      yield* processes.fork(task, function* (child) {
        yield* processes.compute(child, 4_500_000)
        expect([descriptors.fileAt(child, file).users, fs.blocks.inUse]).toEqual([1, before + 3])
      })
      yield* m.calls.close(task, file)
      yield* m.calls.unlink(task, fs.root, 'file')
      yield* processes.wait(task)
    })
    expect(fs.blocks.inUse).toBe(before)
  })

  it('copies what the switch keeps', () => {
    const m = smallMachine()
    const { descriptors, processes } = m.kernel
    descriptors.tables.alloc = 'two-bitmaps'
    run(m, function* (task) {
      for (let count = 3; count < 40; count++) yield* openNew(m, task, 'file')
      yield* processes.fork(task, function* (child) {
        expect([...(tableAt(child)?.bitmaps().fullWords ?? [])]).toEqual([1])
        expect(yield* openNew(m, child, 'file')).toBe(40)
      })
      yield* processes.wait(task)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

describe('exit', () => {
  it('closes everything, whoever opened it, and a zombie has no descriptors', () => {
    const m = smallMachine()
    const { descriptors, processes, cache } = m.kernel
    const before = cache.inUse
    runAll(
      m,
      [1, 2, 3].map(
        (number) =>
          function* (task: Task): Path {
            for (let index = 0; index < 5; index++)
              yield* openNew(m, task, `file${number}.${index}`)
            const child = yield* processes.fork(
              task,
              (self) => openNew(m, self, 'more') as Path<never>,
            )
            yield* processes.wait(task)
            expect(child?.files).toBeUndefined()
          },
      ),
      () => expect(wrongWith(m.kernel)).toEqual([]),
    )
    expect(descriptors.system.open).toBe(0)
    expect(cache.inUse).toBe(before)
  })
})

it('a snapshot shows the table of who has most, and changes nothing', () => {
  const m = smallMachine()
  const { descriptors } = m.kernel
  run(m, function* (task) {
    yield* openNew(m, task, 'a')
    yield* openNew(m, task, 'b')
    const shown = descriptors.snapshot(m.kernel.processes.all)
    expect(shown.process).toEqual({ pid: task.pid, command: task.command })
    expect(shown.files).toEqual([...Array<string>(3).fill('/dev/console'), 'a', 'b'])
    expect([shown.words[0], shown.searched]).toEqual([31, { fullWords: 0, from: 0, words: 1 }])
    expect(shown.system).toMatchObject({ used: 3, held: 0, limit: 4096, enfile: 0 })
    expect(descriptors.snapshot(m.kernel.processes.all)).toEqual(shown)
  })
  expect(descriptors.snapshot(m.kernel.processes.all)).toMatchObject({
    process: undefined,
    files: [],
    processes: 0,
  })
})
