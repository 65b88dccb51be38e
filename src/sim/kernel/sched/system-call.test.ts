import { describe, expect, it } from 'vitest'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, runAll, smallMachine, start } from '../small-machine.test-support'
import type { MayWait, Path, Task } from './task'
import { Op, Rest, TaskState } from './task'
import { WaitQueue } from './wait-queue'

function call<Result>(m: SmallMachine, task: Task, body: () => MayWait<Result>): Path<Result> {
  const { base } = m.kernel
  return base.systemCall(task, base.procedures.sys_read, body)
}

const waitingCall = <Result>(m: SmallMachine, task: Task, path: () => Path<Result>): Path<Result> =>
  call(m, task, () => new Rest(path()))

function* breaksLater(): Path<number> {
  yield Op.run
  throw new RangeError('broken')
}

describe('a system call', () => {
  it('has the lock in its body alone, whether that answers at once or by a path', () => {
    const m = smallMachine()
    const { lock } = m.kernel.dispatcher
    const seen: unknown[] = []
    const note = (task: Task): void => {
      seen.push([lock.holder?.id === task.processor, task.lockDepth, m.tree.procedureOf(task.node)])
    }
    runAll(m, [
      function* (task): Path {
        yield* call(m, task, () => note(task))
        yield* waitingCall(m, task, function* (): Path {
          task.charge(1000)
          yield Op.run
          note(task)
        })
        note(task)
      },
    ])
    expect(seen).toEqual([
      [true, 1, 'sys_read'],
      [true, 1, 'sys_read'],
      [false, 0, 'main'],
    ])
  })

  it('answers with what its body comes to, one inside another too', () => {
    const m = smallMachine()
    const inner = (task: Task) => call(m, task, () => 20)
    const [result] = runAll(m, [
      function* (task): Path<number> {
        const first = yield* call(m, task, () => 1)
        const second = yield* waitingCall(m, task, function* (): Path<number> {
          return 300 + (yield* inner(task)) + task.lockDepth
        })
        return first + second
      },
    ])
    expect(result).toBe(1 + 300 + 20 + 1)
  })

  it('sleeps without the lock, and has it again when it goes on', () => {
    const m = smallMachine({ cpus: 1 })
    const { dispatcher } = m.kernel
    const queue = new WaitQueue()
    const isDone = start(m, function* (task): Path<boolean> {
      return yield* waitingCall(m, task, function* (): Path<boolean> {
        yield* dispatcher.sleepOn(task, queue, TaskState.interruptible)
        return dispatcher.lock.holder?.id === task.processor
      })
    })
    pass(m, 1)
    expect([isDone(), queue.length, dispatcher.lock.holder]).toEqual([undefined, 1, undefined])
    dispatcher.wakeUp(queue)
    pass(m, 1)
    expect([isDone(), queue.length, dispatcher.lock.holder]).toEqual([true, 0, undefined])
  })

  it.each([
    [
      'at once',
      (): number => {
        throw new RangeError('broken')
      },
    ],
    ['after a wait', () => new Rest(breaksLater())],
  ])('that throws %s leaves the task in the call, and throws where it was made', (_, body) => {
    const m = smallMachine()
    const [caught] = runAll(m, [
      function* (task): Path<unknown> {
        const around = task.call
        try {
          return yield* call<number>(m, task, body)
        } catch (error) {
          const where = m.tree.procedureOf(task.node)
          const inCall = [task.lockDepth, where, task.call === around]
          task.lockDepth = 0
          yield Op.unlock
          return [error, ...inCall]
        }
      },
    ])
    expect(caught).toEqual([new RangeError('broken'), 1, 'sys_read', true])
  })
})
