import { describe, expect, it } from 'vitest'
import { pass, smallMachine, start } from '../small-machine.test-support'
import type { Task } from '../sched/task'
import type { AcceptPolicy, AcceptWakeup } from './accept-wait-queue'
import { AcceptWaitQueue } from './accept-wait-queue'

/** A queue with `accepting` processes in accept and one in select, all asleep. */
function asleep(wakeup: AcceptWakeup, accepting: number) {
  const m = smallMachine({ cpus: 1 })
  const policy: AcceptPolicy = { wakeup }
  const queue = new AcceptWaitQueue(m.kernel.base, policy)
  const ran: string[] = []
  const tasks: Task[] = []
  const sleeper = (name: string, selects: boolean): void => {
    start(m, function* (task) {
      task.command = name
      tasks.push(task)
      if (selects) queue.addEveryTime(task)
      else queue.addAccepting(task)
      for (;;) {
        yield* queue.sleep(task)
        ran.push(name)
      }
    })
    pass(m, 0.001)
  }
  for (let index = 1; index <= accepting; index++) sleeper(`httpd ${index}`, false)
  sleeper('select', true)
  const wakeUp = (): number => queue.wakeUp(m.kernel.dispatcher.cpus[0]!)
  const wake = (): string[] => {
    ran.length = 0
    wakeUp()
    pass(m, 0.01)
    return [...ran].sort()
  }
  return { m, queue, policy, wake, wakeUp, tasks }
}

describe('a callback of a listening socket', () => {
  it('wakes everybody under `all`, the last to come first', () => {
    const { queue, wake } = asleep('all', 3)
    expect(queue.entries().map((entry) => entry.command)).toEqual([
      ...['select', 'httpd 3', 'httpd 2', 'httpd 1'],
    ])
    expect(wake()).toEqual(['httpd 1', 'httpd 2', 'httpd 3', 'select'])
    expect([queue.wakeUps, queue.madeRunnable]).toEqual([1, 4])
  })

  it.each([
    ['exclusive', 'httpd 1'],
    ['one', 'httpd 3'],
    ['one-fifo', 'httpd 1'],
  ] as const)('wakes one in accept under `%s`, and select as ever', (wakeup, first) => {
    const { queue, wake } = asleep(wakeup, 3)
    expect(wake()).toEqual([first, 'select'])
    const marked = queue.entries().filter((entry) => entry.exclusive)
    expect(marked).toHaveLength(wakeup === 'exclusive' ? 3 : 0)
  })

  it('decides by itself for those who slept before the switch under `one`; under `exclusive` they are not marked', () => {
    const { policy, wake } = asleep('all', 3)
    policy.wakeup = 'exclusive'
    expect(wake()).toHaveLength(4)
    policy.wakeup = 'one'
    expect(wake()).toEqual(['httpd 3', 'select'])
  })

  it('passes by who is awake already, and wakes the next', () => {
    const { m, queue, wakeUp } = asleep('one', 3)
    wakeUp()
    wakeUp()
    expect(queue.entries().map((entry) => entry.asleep)).toEqual([false, false, false, true])
    pass(m, 0.01)
    expect(queue.entries().every((entry) => entry.asleep)).toBe(true)
  })

  it('costs more the longer the queue, under `all`', () => {
    const cycles = (count: number): number => asleep('all', count).wakeUp()
    const [ten, hundred] = [cycles(10), cycles(100)]
    expect(hundred).toBeGreaterThan(8 * ten)
    expect(asleep('one', 100).wakeUp()).toBeLessThan(3 * asleep('one', 10).wakeUp())
  })

  it('remembers what became of a process, until it comes again', () => {
    const { queue, wakeUp } = asleep('all', 2)
    const [, second] = queue.entries()
    expect(second?.last).toBe('none')
    wakeUp()
    expect(queue.entries()[1]).toMatchObject({ last: 'running', woken: 1, wokenForNothing: 0 })
  })

  it('is left by a walk past everybody else on it, wherever the entry is', () => {
    for (const place of [0, 30, 59]) {
      const { m, queue, tasks } = asleep('one', 60)
      const task = tasks[place]!
      const before = task.pending
      queue.remove(task)
      // 60 others and the head, at a step each and at most a line from memory.
      const { cost, missCycles } = m.kernel.base
      const { waitQueueStep } = cost
      const walk = task.pending - before
      expect(walk, `place ${place}`).toBeGreaterThanOrEqual(61 * waitQueueStep)
      expect(walk, `place ${place}`).toBeLessThanOrEqual(61 * (waitQueueStep + missCycles))
      expect(queue.length).toBe(60)
    }
  })

  it('is read from memory when it has more entries than their sets of the cache have places', () => {
    const perEntry = (count: number): number => {
      const { queue, tasks } = asleep('one', count)
      // The first walk brings in what has a place.
      queue.remove(tasks[0]!)
      const before = tasks[1]!.pending
      queue.remove(tasks[1]!)
      return (tasks[1]!.pending - before) / count
    }
    const { missCycles } = smallMachine().kernel.base
    expect(perEntry(300) - perEntry(40)).toBeGreaterThan(missCycles / 2)
  })

  it('is passed by who joins at its end, and by nobody who joins in front', () => {
    const joining = (wakeup: AcceptWakeup): number => {
      const { queue, tasks } = asleep(wakeup, 20)
      queue.remove(tasks[3]!)
      const before = tasks[3]!.pending
      queue.addAccepting(tasks[3]!)
      return tasks[3]!.pending - before
    }
    expect(joining('one')).toBe(0)
    expect(joining('exclusive')).toBeGreaterThanOrEqual(20 * 12)
  })
})
