import { describe, expect, it } from 'vitest'
import { pass, run, smallMachine, start } from '../small-machine.test-support'
import { maxSets, SemaphoreError } from './semaphore'

describe.each(['fcntl', 'sysvsem'] as const)('what one process holds at a time (%s)', (kind) => {
  function contended(holderDies: boolean) {
    const m = smallMachine({ cpus: 2 })
    const { kernel } = m
    const { fileLocks, semaphores } = kernel.ipc
    const id = semaphores.install(2, 1)
    kernel.fs.install(kernel.fs.root, 'lock', 0)
    const order: number[] = []
    let [inside, most, woken] = [0, 0, 0]
    const wake = kernel.dispatcher.wake.bind(kernel.dispatcher)
    for (let index = 0; index < 4; index++) {
      start(m, function* (task) {
        const file = yield* kernel.calls.open(task, kernel.fs.root, 'lock', 'read')
        yield* kernel.processes.compute(task, 1000 + 100_000 * index)
        yield* kind === 'fcntl' ? fileLocks.lock(task, file) : semaphores.down(task, id, 1)
        order.push(index)
        most = Math.max(most, ++inside)
        // Longer than a quantum: the others come to wait, on whatever CPU they are.
        yield* kernel.processes.compute(task, 200_000_000)
        inside--
        if (holderDies) return
        if (order.length === 1) {
          kernel.dispatcher.wake = (of) => {
            const woke = wake(of)
            if (woke) woken++
            return woke
          }
        }
        yield* kind === 'fcntl' ? fileLocks.unlock(task, file) : semaphores.up(task, id, 1)
        kernel.dispatcher.wake = wake
      })
    }
    pass(m, 5)
    return { order, most, woken }
  }

  it('is held by one at a time, and everybody has it once', () => {
    const { order, most, woken } = contended(false)
    expect([most, [...order].sort()]).toEqual([1, [0, 1, 2, 3]])
    expect(woken).toBe(kind === 'fcntl' ? 3 : 1)
  })

  it('is given back by exit when its holder ends', () => {
    const { order, most } = contended(true)
    expect([most, order.length]).toEqual([1, 4])
  })
})

describe('file locks', () => {
  it('are of the file, whatever descriptor it was opened at, and of one file only', () => {
    const m = smallMachine()
    const { calls, fs, ipc, processes } = m.kernel
    const order: string[] = []
    start(m, function* (task) {
      const file = yield* calls.open(task, fs.root, 'one', 'create')
      yield* ipc.fileLocks.lock(task, file)
      order.push('first has one')
      yield* processes.compute(task, 45_000_000)
      order.push('first is done')
      yield* ipc.fileLocks.unlock(task, file)
    })
    start(m, function* (task) {
      yield* processes.compute(task, 9_000_000)
      const [other, file] = [
        yield* calls.open(task, fs.root, 'two', 'create'),
        yield* calls.open(task, fs.root, 'one', 'read'),
      ]
      yield* ipc.fileLocks.lock(task, other)
      order.push('second has two')
      yield* ipc.fileLocks.lock(task, file)
      // Once more is no wait for itself.
      yield* ipc.fileLocks.lock(task, file)
      order.push('second has one')
    })
    pass(m, 1)
    expect(order).toEqual(['first has one', 'second has two', 'first is done', 'second has one'])
  })

  it('are of files alone', () => {
    const m = smallMachine()
    const lock = (): void => {
      run(m, (task) => m.kernel.ipc.fileLocks.lock(task, 0))
    }
    expect(lock).toThrow(/descriptor 0, which is no file/)
  })
})

describe('semaphores', () => {
  it('come in sets, each with its value, and let as many in as that says', () => {
    const m = smallMachine({ cpus: 2 })
    const { ipc, processes } = m.kernel
    let [inside, most, done] = [0, 0, 0]
    const [id] = run(m, function* (task) {
      const wrong = yield* ipc.semaphores.get(task, 0, 1)
      expect(wrong).toBe(SemaphoreError.invalid)
      return [yield* ipc.semaphores.get(task, 2, 3)]
    }) as [number]
    for (let index = 0; index < 8; index++) {
      start(m, function* (task) {
        yield* ipc.semaphores.down(task, id, 1)
        most = Math.max(most, ++inside)
        yield* m.kernel.timer.sleepUntilWoken(task, task.childExit, 10e6)
        inside--
        yield* ipc.semaphores.up(task, id, 1)
        done++
        yield* processes.compute(task, 1000)
      })
    }
    pass(m, 1)
    expect([most, done]).toEqual([3, 8])
  })

  it('are refused when the system has as many sets as it may have', () => {
    const m = smallMachine()
    const { semaphores } = m.kernel.ipc
    for (let sets = 0; sets < maxSets; sets++) semaphores.install(1, 1)
    expect(run(m, (task) => semaphores.get(task, 1, 1))).toBe(SemaphoreError.noRoom)
    const down = (): void => {
      run(m, (task) => semaphores.down(task, 999, 0))
    }
    expect(down).toThrow(/semaphore 0 of set 999, which is not there/)
  })
})
