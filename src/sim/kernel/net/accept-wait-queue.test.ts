import { describe, expect, it } from 'vitest'
import { pass, smallMachine, start } from '../small-machine.test-support'
import type { AcceptPolicy, AcceptWakeup } from './accept-wait-queue'
import { AcceptWaitQueue } from './accept-wait-queue'

/** A queue with `accepting` processes in accept and one in select, all asleep. */
function asleep(wakeup: AcceptWakeup, accepting: number) {
  const m = smallMachine({ cpus: 1 })
  const policy: AcceptPolicy = { wakeup }
  const queue = new AcceptWaitQueue(m.kernel.base, policy)
  const ran: string[] = []
  const sleeper = (name: string, selects: boolean): void => {
    start(m, function* (task) {
      task.command = name
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
  const wake = (): string[] => {
    ran.length = 0
    queue.wakeUp(0)
    pass(m, 0.01)
    return [...ran].sort()
  }
  return { m, queue, policy, wake }
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
    const { m, queue } = asleep('one', 3)
    queue.wakeUp(0)
    queue.wakeUp(0)
    expect(queue.entries().map((entry) => entry.asleep)).toEqual([false, false, false, true])
    pass(m, 0.01)
    expect(queue.entries().every((entry) => entry.asleep)).toBe(true)
  })

  it('costs more the longer the queue, under `all`', () => {
    const cycles = (count: number): number => asleep('all', count).queue.wakeUp(0)
    const [ten, hundred] = [cycles(10), cycles(100)]
    expect(hundred).toBeGreaterThan(8 * ten)
    expect(asleep('one', 100).queue.wakeUp(0)).toBeLessThan(3 * asleep('one', 10).queue.wakeUp(0))
  })

  it('remembers what became of a process, until it comes again', () => {
    const { queue } = asleep('all', 2)
    const [, second] = queue.entries()
    expect(second?.last).toBe('none')
    queue.wakeUp(0)
    expect(queue.entries()[1]).toMatchObject({ last: 'running', woken: 1, wokenForNothing: 0 })
  })
})
