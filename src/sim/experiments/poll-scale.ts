/**
 * poll() on Linux 2.2 with one descriptor ready among many that are idle: what a call takes with
 * 10,000 of them, of what it takes with 100 (D. Kegel's benchmark, quoted on linux-kernel, 23 Oct
 * 2000: 493 times, Linux 2.2.14). Above a hundred times, because the structures of that many leave
 * the cache, and because each entry of the wait table walks the pages before it. Which descriptor
 * is ready is drawn. With hints a call takes the same, and so does an event by a real-time signal,
 * taken and asked about. Nothing is fitted.
 */
import { Engine } from '../engine/engine'
import type { OpenFile } from '../kernel/fs/files'
import { pollVariants } from '../kernel/fs/poll/poll-calls'
import { Readiness, Watchers } from '../kernel/fs/poll/watchers'
import { linux22 } from '../kernel/linux-2.2'
import type { Path, Task } from '../kernel/sched/task'
import type { EventSource } from '../programs/events/event-source'
import { wait } from '../programs/events/event-source'
import { makeEvents } from '../programs/events/make-events'
import { powerEdge6300 } from '../machine/presets'
import { CallTree } from '../observe/call-tree'
import type { SimTime } from '../units/time'
import { atMost, experimentOf, near } from './experiment'

const published = 493
/** Within a factor of 1.6. */
const tolerance = 1 - 1 / 1.6
const few = 100
const many = 10_000
const calls = 20
/** poll() as it is, poll() with hints, and signals. */
const ways = [...pollVariants, 'rt-signals'] as const
export type Way = (typeof ways)[number]
const megabyte = 1024 * 1024

/** A socket that is readable when it is told to be. */
class QuietSocket implements OpenFile {
  readonly name = 'socket'
  users = 0
  readonly watchers = new Watchers()
  private bits = 0

  become(bits: number): void {
    this.bits = bits
    this.watchers.callBack()
  }

  poll(): number {
    return this.bits
  }

  /** Nobody is told. */
  read(): number {
    this.bits = 0
    return 1
  }

  write(): number {
    throw new Error('nobody writes to it')
  }

  release(): void {
    this.watchers.close()
  }
}

/** Mean time in which one of so many is found ready, µs. */
export function microsecondsPerPoll(way: Way, descriptors: number): number {
  const engine = new Engine(1)
  const machine = { ...powerEdge6300, cpus: 1 }
  const tree = new CallTree(1, (cpu) => engine.stream(`profiler of CPU ${cpu}`))
  const kernel = linux22(engine, tree, { machine, swapBytes: 64 * megabyte })
  const { tables, system } = kernel.descriptors
  tables.perProcess = 2 * many
  tables.polled = 2 * many
  system.set(4 * many, 0)
  if (way !== 'rt-signals') kernel.polls.variant = way
  const random = engine.stream('which descriptor is ready')
  let total = 0
  let done = false
  kernel.processes.boot('poll-scale', function* (task: Task): Path {
    const events: EventSource = makeEvents(kernel, way === 'rt-signals' ? way : 'poll')
    const sockets: QuietSocket[] = []
    while (sockets.length < descriptors) {
      const socket = new QuietSocket()
      const descriptor = kernel.descriptors.reserve(task)
      kernel.descriptors.install(task, descriptor, socket)
      const rest = events.add(task, descriptor, Readiness.readable)
      if (rest) yield* rest
      sockets.push(socket)
    }
    yield* wait(events, task, 0)
    for (let call = 0; call < calls; call++) {
      const socket = sockets[random.below(descriptors)]
      socket.become(Readiness.readable)
      const began = engine.now
      yield* wait(events, task, Infinity)
      total += engine.now - began
      socket.read()
    }
    done = true
  })
  while (!done) engine.advance((engine.now + 1e9) as SimTime)
  return total / calls / 1000
}

export const pollScale = experimentOf<readonly [number, number]>({
  id: 'poll-scale',
  title: 'Time of a poll() with 10,000 idle descriptors, of that with 100',
  source: 'D. Kegel, quoted on linux-kernel, 23 Oct 2000; CITI TR 99-4, Hints for select and poll',
  parts: ways.map((way) => ({
    name: way,
    weight: 1,
    run: (report) => {
      const times = [few, many].map((count) => microsecondsPerPoll(way, count))
      report(`${way}: ${times.map((time) => time.toFixed(1)).join(' and ')} µs`)
      return times as unknown as readonly [number, number]
    },
  })),
  conclude: ([scan, hints, signals]) => {
    const where = { x: many, xUnit: 'descriptors' }
    const points = [
      near(
        { ...where, series: 'poll: time, of that with 100', unit: '×' },
        'predicted',
        published,
        scan[1] / scan[0],
        tolerance,
      ),
      atMost(
        { ...where, series: 'poll with hints: time of an event, of that with 100', unit: '×' },
        'shape',
        1.05,
        hints[1] / hints[0],
      ),
      atMost(
        { ...where, series: 'RT signals: time of an event, of that with 100', unit: '×' },
        'shape',
        1.05,
        signals[1] / signals[0],
      ),
    ]
    return { passed: points.every(({ ok }) => ok), points }
  },
})
