import { describe, expect, it } from 'vitest'
import { pass, run, smallMachine, start } from '../small-machine.test-support'
import { TaskState } from '../sched/task'
import type { Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { Signal } from './signals'

/** A sleeper that ignores some signals, and one who sends it one. Returns how the sleeper is. */
function sent(signal: Signal, ignores: readonly Signal[], nowNot: readonly Signal[] = []) {
  const m = smallMachine()
  const { dispatcher, ipc, processes } = m.kernel
  let sleeper: Task | undefined
  start(m, function* (task) {
    sleeper = task
    for (const one of ignores) ipc.signals.action(task, one, true)
    for (const one of nowNot) ipc.signals.action(task, one, false)
    yield* dispatcher.sleepOn(task, new WaitQueue(), TaskState.interruptible)
    yield* processes.compute(task, 1000)
  })
  pass(m, 0.1)
  start(m, function* (by) {
    yield* processes.compute(by, 1000)
    ipc.signals.kill(sleeper as Task, by, signal)
  })
  pass(m, 0.1)
  return sleeper?.state
}

describe('a signal', () => {
  it('ends a process that does not ignore it', () => {
    expect(sent('SIGTERM', [])).toBe(TaskState.zombie)
    expect(sent('SIGUSR1', ['SIGTERM'])).toBe(TaskState.zombie)
    expect(sent('SIGUSR1', ['SIGUSR1'], ['SIGUSR1'])).toBe(TaskState.zombie)
  })

  it('does nothing to one that ignores it', () => {
    expect(sent('SIGUSR1', ['SIGUSR1'])).toBe(TaskState.interruptible)
  })

  it('is set up without the big kernel lock, as the time is asked for', () => {
    const m = smallMachine()
    const { dispatcher, ipc, processes, timer } = m.kernel
    const taken = run(m, function* (task) {
      // Its first pages are faulted in with the lock.
      yield* processes.compute(task, 1000)
      const before = dispatcher.lock.acquisitions
      ipc.signals.action(task, 'SIGUSR1', true)
      expect(timer.time(task)).toBe(Math.floor(m.engine.now / 1e9))
      yield* processes.compute(task, 1000)
      return dispatcher.lock.acquisitions - before
    })
    expect(taken).toBe(0)
  })
})
