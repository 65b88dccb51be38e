import { describe, expect, it } from 'vitest'
import { wait } from '../../programs/events/event-source'
import { RtSignalEvents } from '../../programs/events/rt-signal-events'
import type { TestFile } from '../fs/poll/poll.test-support'
import { openFiles } from '../fs/poll/poll.test-support'
import { SetBit } from '../../observe/structures'
import { Readiness } from '../fs/poll/watchers'
import type { Task } from '../sched/task'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, smallMachine, start } from '../small-machine.test-support'
import type { RtSignals } from './rt-signals'
import { maxQueuedSignals, Taken } from './rt-signals'

const { readable } = Readiness
type Entry = [number, TestFile]

function machine(): { m: SmallMachine; signals: RtSignals } {
  const m = smallMachine({ cpus: 1 })
  return { m, signals: m.kernel.rtSignals as RtSignals }
}

describe('real-time signals for descriptors', () => {
  it('are taken one at a time, in the order in which they came', () => {
    const { m, signals } = machine()
    run(m, function* (task: Task) {
      const files = [...openFiles(m, task, 5)]
      for (const [descriptor] of files) yield* signals.register(task, descriptor)
      for (const index of [3, 0, 3, 4]) files[index]?.[1].become(readable)
      const states = new Uint8Array(signals.width)
      signals.mark(states)
      const queued = [...states.keys()].filter((at) => ((states[at] ?? 0) & SetBit.queued) !== 0)
      expect(queued).toEqual([0, 3, 4].map((index) => files[index]?.[0]))
      const taken: number[] = []
      for (let count = 0; count < 5; count++) taken.push(yield* signals.wait(task, 0))
      const expected = [3, 0, 3, 4].map((index) => files[index]?.[0])
      expect(taken).toEqual([...expected, Taken.nothing])
    })
    expect([signals.queued, signals.taken, signals.length]).toEqual([4, 4, 0])
  })

  it('become one SIGIO when the queue is full, which comes first', () => {
    const { m, signals } = machine()
    run(m, function* (task: Task) {
      const [[descriptor, file]] = [...openFiles(m, task, 1)] as [Entry]
      yield* signals.register(task, descriptor)
      for (let count = 0; count < maxQueuedSignals + 3; count++) file.become(readable)
      expect(signals.length).toBe(maxQueuedSignals)
      expect(signals.overflows).toBe(3)
      expect(yield* signals.wait(task, 0)).toBe(Taken.sigio)
      expect(yield* signals.wait(task, 0)).toBe(descriptor)
    })
    // What the process had not taken went with it.
    expect(signals.length).toBe(0)
  })

  it('wake who waits for them', () => {
    const { m, signals } = machine()
    let become = (): void => undefined
    const result = start(m, function* (task) {
      const [descriptor, file] = [...openFiles(m, task, 1)][0] as Entry
      yield* signals.register(task, descriptor)
      become = () => void file.become(readable)
      return (yield* signals.wait(task, Infinity)) === descriptor
    })
    pass(m, 1)
    expect(result()).toBeUndefined()
    become()
    pass(m, 1)
    expect(result()).toBe(true)
  })
})

describe('a program that waits with them', () => {
  it.each([maxQueuedSignals, 3, 0])('finds all that is ready with room for %i', (room) => {
    const { m, signals } = machine()
    signals.max = room
    run(m, function* (task: Task) {
      const files = openFiles(m, task, 50)
      const events = new RtSignalEvents(m.kernel)
      for (const descriptor of files.keys()) yield* events.add(task, descriptor, readable)
      expect(yield* wait(events, task, 0)).toBe(0)
      for (let round = 1; round <= 20; round++) {
        const awake = [...files].filter(([descriptor]) => (descriptor * round) % 7 === 0)
        for (const [, file] of awake) file.become(readable)
        const found = new Set<number>()
        while ((yield* wait(events, task, 0)) > 0) {
          for (const { descriptor } of events.ready) {
            found.add(descriptor)
            files.get(descriptor)?.read()
          }
        }
        expect([...found].sort((a, b) => a - b)).toEqual(awake.map(([descriptor]) => descriptor))
      }
    })
    expect(signals.overflows > 0).toBe(room < 8)
  })

  it('is told again of what it has left unread, and not of what it no longer waits for', () => {
    const { m } = machine()
    run(m, function* (task: Task) {
      const files = openFiles(m, task, 2)
      const [[one, first], [other, second]] = [...files] as [Entry, Entry]
      const events = new RtSignalEvents(m.kernel)
      yield* events.add(task, one, readable)
      yield* events.add(task, other, readable)
      first.become(readable)
      second.become(readable)
      events.remove(task, other)
      for (let count = 0; count < 3; count++) {
        expect(yield* wait(events, task, 0)).toBe(1)
        expect(events.ready).toEqual([{ descriptor: one, ready: readable }])
      }
      yield* events.add(task, other, readable)
      expect(yield* wait(events, task, 0)).toBe(2)
    })
  })
})
