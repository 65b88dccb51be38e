import { describe, expect, it } from 'vitest'
import { pass, smallMachine, start } from '../small-machine.test-support'
import { FileLock } from './file-lock'
import { Semaphore } from './semaphore'

describe.each(['fcntl', 'sysvsem'] as const)('what one process holds at a time (%s)', (kind) => {
  function contended(holderDies: boolean) {
    const m = smallMachine({ cpus: 2 })
    const { kernel } = m
    const lock = new FileLock(kernel.base)
    const semaphore = new Semaphore(kernel.base)
    const order: number[] = []
    let [inside, most, woken] = [0, 0, 0]
    const wake = kernel.dispatcher.wake.bind(kernel.dispatcher)
    for (let index = 0; index < 4; index++) {
      start(m, function* (task) {
        yield* kernel.processes.compute(task, 1000 + 100_000 * index)
        yield* kind === 'fcntl' ? lock.lock(task) : semaphore.down(task)
        order.push(index)
        most = Math.max(most, ++inside)
        yield* kernel.processes.compute(task, 9_000_000)
        inside--
        if (holderDies) return
        if (order.length === 1) {
          kernel.dispatcher.wake = (of) => {
            const woke = wake(of)
            if (woke) woken++
            return woke
          }
        }
        yield* kind === 'fcntl' ? lock.unlock(task) : semaphore.up(task)
        kernel.dispatcher.wake = wake
      })
    }
    pass(m, 1)
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
