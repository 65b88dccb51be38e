import { describe, expect, it } from 'vitest'
import { pass, smallMachine, start } from '../small-machine.test-support'
import type { Task } from './task'
import { TaskState } from './task'
import { WaitQueue } from './wait-queue'

/** Two CPUs, and two tasks that are on none of them. */
function locked() {
  const m = smallMachine({ cpus: 2 })
  const { dispatcher } = m.kernel
  const tasks: Task[] = []
  const nobody = new WaitQueue()
  for (let index = 0; index < 2; index++) {
    start(m, function* (task) {
      tasks.push(task)
      yield* dispatcher.sleepOn(task, nobody, TaskState.interruptible)
    })
  }
  pass(m, 0.1)
  const [one, other] = tasks as [Task, Task]
  const now = dispatcher.cpus[one.processor]!.clock
  other.processor = one.processor
  return { lock: dispatcher.waitQueueLock, one, other, now }
}

describe('the lock of all wait queues', () => {
  it('is held by who walks a queue to leave it: others that join or leave spin until then', () => {
    const { lock, one, other } = locked()
    lock.write(one, 700)
    expect(one.pending).toBe(700)
    lock.pass(other)
    expect(other.pending).toBe(700)
    // It came to the end of that, and finds the lock free.
    lock.pass(other)
    expect(other.pending).toBe(700)
  })

  it('is shared by wake-ups, which wait for writers and make them wait', () => {
    const { lock, one, other, now } = locked()
    lock.walked(now, now + 900)
    expect(lock.read(now + 100)).toBe(0)
    lock.write(one, 50)
    expect(one.pending).toBe(900 + 50)
    expect(lock.read(now + 920)).toBe(30)
    expect([lock.takeSpun(), lock.takeSpun()]).toEqual([30, 0])
    lock.pass(other)
    expect(other.pending).toBe(950)
  })

  it('is free before a stretch to which another CPU has run ahead', () => {
    const { lock, one, now } = locked()
    lock.walked(now + 5000, now + 9000)
    lock.pass(one)
    expect(one.pending).toBe(0)
    expect(lock.read(now + 4000)).toBe(0)
  })
})
